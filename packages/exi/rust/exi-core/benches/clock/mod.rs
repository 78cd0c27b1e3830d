//! Times of a call over some rounds.

use std::time::Instant;

/// The least and the median time of a call over `rounds` of so many repeats, in nanoseconds.
pub fn time(rounds: usize, repeats: u32, mut call: impl FnMut()) -> (f64, f64) {
    let mut round = || {
        let begin = Instant::now();
        (0..repeats).for_each(|_| call());
        begin.elapsed().as_nanos() as f64 / f64::from(repeats)
    };
    let mut times: Vec<f64> = (0..rounds).map(|_| round()).collect();
    times.sort_by(f64::total_cmp);
    (times[0], times[rounds / 2])
}

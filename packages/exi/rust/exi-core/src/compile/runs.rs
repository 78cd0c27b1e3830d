//! Finds runs: elements of fixed width that follow each other by event codes of zero.

use crate::tables::{Kind, Production, Run, RunField, RunTail, State, Tables, INTEGER, WIDTHS};

/// Bits that a peek is sure to have.
const WORD: u32 = 57;
/// Sign, three octets and EE of a tail.
const TAIL: u32 = 26;

/// Notes at each state the run that begins there. Strict grammars have other codes and none.
pub(super) fn find_runs(tables: &mut Tables) {
    if tables.strict {
        return;
    }
    for at in 0..tables.states.len() {
        let Some(run) = run_from(tables, at as u32) else { continue };
        tables.runs.push(run);
        tables.states[at].run = tables.runs.len() as u32;
    }
}

/// The first production of a state, if nothing counts there, and its index.
fn first(tables: &Tables, at: u32) -> Option<(&State, &Production, u32)> {
    let state = tables.states.get(at as usize).filter(|state| state.len > 0)?;
    let production = tables.productions.get(state.first as usize)?;
    let plain = production.set | production.inc == 0 && !production.repeated;
    plain.then_some((state, production, state.first))
}

fn run_from(tables: &Tables, at: u32) -> Option<Run> {
    let mut run =
        Run { fields: Vec::new(), bits: 0, zeros: 0, tail: None, next: at, ends: false, end_bits: 0 };
    while let Some((state, production, index)) = first(tables, run.next) {
        let width = u32::from(state.width);
        let bits = u32::from(production.speed);
        if production.speed < WIDTHS && run.bits + width + bits + 2 <= WORD {
            // Event code and CH, the value, EE.
            let value = run.bits + width + 1;
            run.zeros |= ones(run.bits, width + 1) | ones(value + bits, 1);
            run.fields.push(RunField { production: index, at: value, bits });
            run.bits = value + bits + 1;
            run.next = production.next;
            continue;
        }
        if production.kind == Kind::Ee && run.bits + width <= WORD {
            run.zeros |= ones(run.bits, width);
            run.bits += width;
            run.ends = true;
        } else if production.speed == INTEGER {
            add_tail(tables, &mut run, width, production, index);
        }
        break;
    }
    let worth = run.fields.len() + usize::from(run.tail.is_some()) + usize::from(run.ends);
    (worth > 1 && !run.fields.is_empty()).then_some(run)
}

fn add_tail(tables: &Tables, run: &mut Run, width: u32, production: &Production, index: u32) {
    let end = first(tables, production.next).filter(|(_, production, _)| production.kind == Kind::Ee);
    let end_bits = end.map_or(0, |(state, ..)| u32::from(state.width));
    if run.bits + width + 1 + TAIL + end_bits > WORD {
        return;
    }
    run.zeros |= ones(run.bits, width + 1);
    run.tail = Some(RunTail { production: index, code_bits: width + 1, next: production.next });
    run.ends = end.is_some();
    run.end_bits = end_bits;
}

/// A mask of `count` bits, `at` bits below the top.
fn ones(at: u32, count: u32) -> u64 {
    if count == 0 {
        return 0;
    }
    (u64::MAX << (64 - count)) >> at
}

//! The date-time kinds (7.1.8): parts, bits and lexical form.

use std::fmt::Write as _;

use crate::error::{Error, ErrorKind, Result};
use crate::number::BigInt;
use crate::parts::{PartReader, PartWriter};
use crate::schema::Primitive;

/// A value of one of the eight date-time kinds; parts that the kind lacks are zero.
#[derive(Clone, Debug, PartialEq)]
pub struct DateTime {
    /// Which kind.
    pub kind: Primitive,
    /// The year.
    pub year: i64,
    /// Month * 32 + day.
    pub month_day: u16,
    /// ((Hour * 64) + minutes) * 64 + seconds.
    pub time: u32,
    /// The fraction's digits, last digit first, as a number.
    pub fraction: Option<BigInt>,
    /// TZHours * 64 + TZMinutes.
    pub zone: Option<i16>,
}

const ZONE_OFFSET: i16 = 896;

impl DateTime {
    fn parts(kind: Primitive) -> (bool, bool, bool) {
        match kind {
            Primitive::GYear => (true, false, false),
            Primitive::GYearMonth | Primitive::Date => (true, true, false),
            Primitive::DateTime => (true, true, true),
            Primitive::Time => (false, false, true),
            _ => (false, true, false),
        }
    }

    pub(crate) fn read(reader: &mut impl PartReader, kind: Primitive) -> Result<Self> {
        let start = reader.place();
        let (year, month_day, time) = Self::parts(kind);
        let mut value = Self { kind, year: 0, month_day: 0, time: 0, fraction: None, zone: None };
        if year {
            let offset = reader.small_integer()?;
            let year = offset.checked_add(2000);
            value.year = year.ok_or_else(|| Error::at(ErrorKind::Limit, start, "a year beyond 64 bits"))?;
        }
        if month_day {
            value.month_day = reader.n_bits(9)? as u16;
        }
        if time {
            value.time = reader.n_bits(17)? as u32;
            if reader.n_bits(1)? != 0 {
                value.fraction = Some(reader.big_integer()?);
            }
        }
        if reader.n_bits(1)? != 0 {
            value.zone = Some(reader.n_bits(11)? as i16 - ZONE_OFFSET);
        }
        Ok(value)
    }

    pub(crate) fn write(&self, writer: &mut impl PartWriter) {
        let (year, month_day, time) = Self::parts(self.kind);
        if year {
            writer.small_integer(self.year - 2000);
        }
        if month_day {
            writer.n_bits(u64::from(self.month_day), 9);
        }
        if time {
            writer.n_bits(u64::from(self.time), 17);
            writer.n_bits(u64::from(self.fraction.is_some()), 1);
            if let Some(fraction) = &self.fraction {
                writer.big_integer(fraction);
            }
        }
        writer.n_bits(u64::from(self.zone.is_some()), 1);
        if let Some(zone) = self.zone {
            writer.n_bits((zone + ZONE_OFFSET) as u64, 11);
        }
    }

    pub(crate) fn to_text(&self) -> String {
        let mut out = String::new();
        let (month, day) = (self.month_day / 32, self.month_day % 32);
        let year = if self.year < 0 { format!("-{:04}", -self.year) } else { format!("{:04}", self.year) };
        let _ = match self.kind {
            Primitive::GYear => write!(out, "{year}"),
            Primitive::GYearMonth => write!(out, "{year}-{month:02}"),
            Primitive::Date | Primitive::DateTime => write!(out, "{year}-{month:02}-{day:02}"),
            Primitive::GMonth => write!(out, "--{month:02}"),
            Primitive::GMonthDay => write!(out, "--{month:02}-{day:02}"),
            Primitive::GDay => write!(out, "---{day:02}"),
            _ => Ok(()),
        };
        if self.kind == Primitive::DateTime {
            out.push('T');
        }
        if Self::parts(self.kind).2 {
            let (hour, minute, second) = (self.time >> 12, (self.time >> 6) & 63, self.time & 63);
            let _ = write!(out, "{hour:02}:{minute:02}:{second:02}");
            if let Some(fraction) = &self.fraction {
                out.push('.');
                out.extend(fraction.to_string().chars().rev());
            }
        }
        match self.zone {
            Some(0) => out.push('Z'),
            Some(zone) => {
                let sign = if zone < 0 { '-' } else { '+' };
                let _ = write!(out, "{sign}{:02}:{:02}", zone.abs() / 64, zone.abs() % 64);
            }
            None => {}
        }
        out
    }

    /// The form that Canonical EXI prescribes: no hour 24, no fraction of zero, and on request no time
    /// zone but UTC.
    pub(crate) fn canonical(self, utc: bool) -> Self {
        let mut this = self.without_zero_fraction();
        this.normalize(utc);
        this
    }

    /// The same without a fraction of zero.
    pub(crate) fn without_zero_fraction(mut self) -> Self {
        self.fraction = self.fraction.filter(|fraction| !fraction.magnitude.is_empty());
        self
    }

    fn normalize(&mut self, utc: bool) {
        if !Self::parts(self.kind).2 {
            return;
        }
        let seconds = i64::from(self.time & 63);
        let mut minutes = i64::from(self.time >> 12) * 60 + i64::from((self.time >> 6) & 63);
        if let (true, Some(zone)) = (utc, self.zone) {
            minutes -= i64::from(zone / 64) * 60 + i64::from(zone % 64);
            self.zone = Some(0);
        }
        let days = minutes.div_euclid(24 * 60);
        minutes = minutes.rem_euclid(24 * 60);
        self.time = ((minutes / 60 * 64 + minutes % 60) * 64 + seconds) as u32;
        if self.kind == Primitive::DateTime && days != 0 {
            self.add_day(days);
        }
    }

    /// Goes one day on or back.
    fn add_day(&mut self, days: i64) {
        let (mut month, mut day) = (i64::from(self.month_day / 32), i64::from(self.month_day % 32) + days);
        if day < 1 {
            month -= 1;
            if month < 1 {
                month = 12;
                self.year -= 1;
            }
            day = days_in(self.year, month);
        } else if day > days_in(self.year, month) {
            day = 1;
            month += 1;
            if month > 12 {
                month = 1;
                self.year += 1;
            }
        }
        self.month_day = (month * 32 + day) as u16;
    }

    pub(crate) fn parse(text: &str, kind: Primitive) -> Option<Self> {
        let mut value = Self { kind, year: 0, month_day: 0, time: 0, fraction: None, zone: None };
        let mut rest = Scan(text);
        match kind {
            Primitive::GMonth | Primitive::GMonthDay => rest.literal("--")?,
            Primitive::GDay => rest.literal("---")?,
            Primitive::Time => {}
            _ => value.year = rest.year()?,
        }
        let month = matches!(kind, Primitive::GYearMonth | Primitive::Date | Primitive::DateTime);
        if month {
            rest.literal("-")?;
        }
        if month || matches!(kind, Primitive::GMonth | Primitive::GMonthDay) {
            value.month_day = rest.two(1, 12)? * 32;
        }
        if matches!(kind, Primitive::Date | Primitive::DateTime | Primitive::GMonthDay) {
            rest.literal("-")?;
        }
        if matches!(kind, Primitive::Date | Primitive::DateTime | Primitive::GMonthDay | Primitive::GDay) {
            value.month_day += rest.two(1, 31)?;
        }
        if kind == Primitive::DateTime {
            rest.literal("T")?;
        }
        if Self::parts(kind).2 {
            (value.time, value.fraction) = rest.time()?;
        }
        value.zone = rest.zone()?;
        rest.0.is_empty().then_some(value)
    }
}

/// Days of a month in the proleptic Gregorian calendar.
fn days_in(year: i64, month: i64) -> i64 {
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => 31,
    }
}

struct Scan<'a>(&'a str);

impl<'a> Scan<'a> {
    fn literal(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    fn digits(&mut self) -> &'a str {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits
    }

    fn year(&mut self) -> Option<i64> {
        let negative = self.literal("-").is_some();
        let digits = self.digits();
        let year: i64 = (digits.len() >= 4).then(|| digits.parse().ok())??;
        // The offset from 2000 must fit as well.
        year.checked_add(2000)?;
        Some(if negative { -year } else { year })
    }

    fn two(&mut self, low: u16, high: u16) -> Option<u16> {
        let (digits, rest) = self.0.split_at_checked(2)?;
        let value: u16 = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())??;
        self.0 = rest;
        (low..=high).contains(&value).then_some(value)
    }

    fn time(&mut self) -> Option<(u32, Option<BigInt>)> {
        let hour = u32::from(self.two(0, 24)?);
        self.literal(":")?;
        let minute = u32::from(self.two(0, 59)?);
        self.literal(":")?;
        let second = u32::from(self.two(0, 60)?);
        let fraction = match self.literal(".") {
            Some(()) => {
                let reversed: String = self.digits().chars().rev().collect();
                Some(BigInt::parse(&reversed)?)
            }
            None => None,
        };
        Some(((hour * 64 + minute) * 64 + second, fraction))
    }

    fn zone(&mut self) -> Option<Option<i16>> {
        if self.0.is_empty() {
            return Some(None);
        }
        if self.literal("Z").is_some() {
            return Some(Some(0));
        }
        let negative = self.literal("-").is_some();
        if !negative {
            self.literal("+")?;
        }
        let hours = self.two(0, 14)? as i16;
        self.literal(":")?;
        let minutes = self.two(0, 59)? as i16;
        let zone = hours * 64 + minutes;
        Some(Some(if negative { -zone } else { zone }))
    }
}

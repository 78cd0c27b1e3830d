//! Integers larger than 64 bits, as X.509 serial numbers are.

/// An integer of any size: a sign and a magnitude of little-endian bytes without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct BigInt {
    /// Whether it is below zero.
    pub negative: bool,
    /// The magnitude, least significant byte first.
    pub magnitude: Vec<u8>,
}

impl BigInt {
    /// From groups of seven bits, least significant first (7.1.6).
    pub fn from_groups(groups: &[u8]) -> Self {
        let mut magnitude = Vec::with_capacity(groups.len());
        let (mut word, mut used) = (0u32, 0);
        for group in groups {
            word |= u32::from(group & 0x7f) << used;
            used += 7;
            if used >= 8 {
                magnitude.push(word as u8);
                word >>= 8;
                used -= 8;
            }
        }
        magnitude.push(word as u8);
        Self { negative: false, magnitude }.trimmed()
    }

    /// The magnitude as groups of seven bits, least significant first; at least one.
    pub fn to_groups(&self) -> Vec<u8> {
        let mut groups = Vec::with_capacity(self.magnitude.len() * 8 / 7 + 1);
        let (mut word, mut used) = (0u32, 0);
        for byte in &self.magnitude {
            word |= u32::from(*byte) << used;
            used += 8;
            while used >= 7 {
                groups.push((word & 0x7f) as u8);
                word >>= 7;
                used -= 7;
            }
        }
        groups.push((word & 0x7f) as u8);
        while groups.len() > 1 && groups.last() == Some(&0) {
            groups.pop();
        }
        groups
    }

    /// From decimal digits with an optional sign.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut magnitude = Vec::new();
        for digit in digits {
            multiply_add(&mut magnitude, 10, digit - b'0');
        }
        Some(Self { negative, magnitude }.trimmed())
    }

    /// From a number of 128 bits.
    pub fn from_i128(value: i128) -> Self {
        let magnitude = value.unsigned_abs().to_le_bytes().to_vec();
        Self { negative: value < 0, magnitude }.trimmed()
    }

    /// The value, where it fits.
    pub fn to_i128(&self) -> Option<i128> {
        if self.magnitude.len() > 16 {
            return None;
        }
        let value = i128::try_from(self.unsigned_128()).ok()?;
        Some(if self.negative { -value } else { value })
    }

    /// The value, where it fits.
    pub fn to_u64(&self) -> Option<u64> {
        let fits = !self.negative && self.magnitude.len() <= 8;
        fits.then(|| self.unsigned_128() as u64)
    }

    fn unsigned_128(&self) -> u128 {
        self.magnitude.iter().rev().fold(0, |value, byte| (value << 8) | u128::from(*byte))
    }

    /// The value minus one, as the magnitude of `-(value)` is coded; the value must not be zero.
    pub fn minus_one(mut self) -> Self {
        for byte in &mut self.magnitude {
            let (less, borrow) = byte.overflowing_sub(1);
            *byte = less;
            if !borrow {
                break;
            }
        }
        self.trimmed()
    }

    /// The magnitude plus one.
    pub fn plus_one(mut self) -> Self {
        multiply_add(&mut self.magnitude, 1, 1);
        self
    }

    fn trimmed(mut self) -> Self {
        while self.magnitude.last() == Some(&0) {
            self.magnitude.pop();
        }
        self.negative &= !self.magnitude.is_empty();
        self
    }
}

fn multiply_add(magnitude: &mut Vec<u8>, factor: u8, term: u8) {
    let mut carry = u16::from(term);
    for byte in magnitude.iter_mut() {
        carry += u16::from(*byte) * u16::from(factor);
        *byte = carry as u8;
        carry >>= 8;
    }
    if carry > 0 {
        magnitude.push(carry as u8);
    }
}

impl std::fmt::Display for BigInt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut rest = self.magnitude.clone();
        let mut digits = Vec::new();
        while !rest.is_empty() {
            let mut remainder = 0u16;
            for byte in rest.iter_mut().rev() {
                remainder = (remainder << 8) | u16::from(*byte);
                *byte = (remainder / 10) as u8;
                remainder %= 10;
            }
            digits.push(char::from(b'0' + remainder as u8));
            while rest.last() == Some(&0) {
                rest.pop();
            }
        }
        let text: String = if digits.is_empty() { "0".into() } else { digits.iter().rev().collect() };
        f.write_str(if self.negative { "-" } else { "" })?;
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_digits_survive_the_seven_bit_groups() {
        for text in
            ["0", "127", "128", "18446744073709551616", "123456789012345678901234567890123456789012345"]
        {
            let big = BigInt::parse(text).unwrap();
            assert_eq!(BigInt::from_groups(&big.to_groups()).to_string(), text);
        }
        assert_eq!(BigInt::parse("-18446744073709551616").unwrap().to_string(), "-18446744073709551616");
        assert!(BigInt::parse("1x").is_none() && BigInt::parse("-").is_none());
    }

    #[test]
    fn minus_one_undoes_plus_one_across_bytes() {
        let big = BigInt::parse("18446744073709551615").unwrap();
        assert_eq!(big.clone().plus_one().to_string(), "18446744073709551616");
        assert_eq!(big.clone().plus_one().minus_one(), big);
    }
}

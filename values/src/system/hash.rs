//! The numbers that PostgreSQL makes of values to spread them (`hashtext`, `hashint4`): Bob Jenkins' lookup3, which is in the
//! public domain.

/// What the state begins with, and the number of bytes.
const BEGIN: u32 = 0x9e37_79b9_u32.wrapping_add(3_923_095);

struct State {
    a: u32,
    b: u32,
    c: u32,
}

impl State {
    fn new(bytes: usize, seed: u64) -> Self {
        let begin = BEGIN.wrapping_add(bytes as u32);
        let mut state = Self { a: begin, b: begin, c: begin };
        if seed != 0 {
            state.a = state.a.wrapping_add((seed >> 32) as u32);
            state.b = state.b.wrapping_add(seed as u32);
            state.mix();
        }
        state
    }

    fn add(&mut self, words: [u32; 3]) {
        self.a = self.a.wrapping_add(words[0]);
        self.b = self.b.wrapping_add(words[1]);
        self.c = self.c.wrapping_add(words[2]);
    }

    fn mix(&mut self) {
        let Self { a, b, c } = self;
        *a = a.wrapping_sub(*c) ^ c.rotate_left(4);
        *c = c.wrapping_add(*b);
        *b = b.wrapping_sub(*a) ^ a.rotate_left(6);
        *a = a.wrapping_add(*c);
        *c = c.wrapping_sub(*b) ^ b.rotate_left(8);
        *b = b.wrapping_add(*a);
        *a = a.wrapping_sub(*c) ^ c.rotate_left(16);
        *c = c.wrapping_add(*b);
        *b = b.wrapping_sub(*a) ^ a.rotate_left(19);
        *a = a.wrapping_add(*c);
        *c = c.wrapping_sub(*b) ^ b.rotate_left(4);
        *b = b.wrapping_add(*a);
    }

    fn finish(mut self) -> Self {
        let Self { a, b, c } = &mut self;
        *c = (*c ^ *b).wrapping_sub(b.rotate_left(14));
        *a = (*a ^ *c).wrapping_sub(c.rotate_left(11));
        *b = (*b ^ *a).wrapping_sub(a.rotate_left(25));
        *c = (*c ^ *b).wrapping_sub(b.rotate_left(16));
        *a = (*a ^ *c).wrapping_sub(c.rotate_left(4));
        *b = (*b ^ *a).wrapping_sub(a.rotate_left(14));
        *c = (*c ^ *b).wrapping_sub(b.rotate_left(24));
        self
    }
}

fn of_bytes(bytes: &[u8], seed: u64) -> State {
    let mut state = State::new(bytes.len(), seed);
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk::<12>() {
        state.add(words(block));
        state.mix();
        rest = after;
    }
    // The lowest byte of the last word belongs to the length.
    let mut last = [0_u8; 13];
    for (at, byte) in rest.iter().enumerate() {
        last[if at < 8 { at } else { at + 1 }] = *byte;
    }
    let [block @ .., _] = last;
    state.add(words(&block));
    state.finish()
}

fn words(block: &[u8; 12]) -> [u32; 3] {
    let word = |at: usize| u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]]);
    [word(0), word(4), word(8)]
}

/// `hashtext`
pub fn hash_text(text: &str) -> i32 {
    of_bytes(text.as_bytes(), 0).c as i32
}

/// `hashtextextended`
pub fn hash_text_seeded(text: &str, seed: i64) -> i64 {
    let State { b, c, .. } = of_bytes(text.as_bytes(), seed as u64);
    ((u64::from(b) << 32) | u64::from(c)) as i64
}

/// `hashint4`, `hashoid`, and of what is extended to that `hashint2`.
pub fn hash_int4(value: i32) -> i32 {
    let mut state = State::new(4, 0);
    state.add([value as u32, 0, 0]);
    state.finish().c as i32
}

/// `hashint8`: a number that fits into fewer bits has the same hash there.
pub fn hash_int8(value: i64) -> i32 {
    let high = (value >> 32) as i32;
    let folded = if value >= 0 { high } else { !high };
    hash_int4(value as i32 ^ folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_postgresqls() {
        assert_eq!(hash_text(""), -1477818771);
        assert_eq!(hash_text("a"), 1075015857);
        assert_eq!(hash_text("abc"), -785388649);
        assert_eq!(hash_text("hello world"), 1021725223);
        assert_eq!(hash_text("twelve bytes"), 652846557);
        assert_eq!(hash_text("über elf bytes lang"), 2116654012);
        assert_eq!(hash_text_seeded("", 0), -6939563903564495251);
        assert_eq!(hash_text_seeded("abc", 7), 1967049030278966041);
        assert_eq!(hash_text_seeded("a longer text than that", -5), 6306907143556575840);
        assert_eq!(hash_int4(0), -272711505);
        assert_eq!(hash_int4(1), -1905060026);
        assert_eq!(hash_int4(-1), 385747274);
        assert_eq!(hash_int4(2147483647), -96758253);
        assert_eq!(hash_int8(0), -272711505);
        assert_eq!(hash_int8(1), -1905060026);
        assert_eq!(hash_int8(-1), 385747274);
        assert_eq!(hash_int8(5000000000), -694934712);
        assert_eq!(hash_int8(-5000000000), 954517114);
    }
}

//! Chance that is the same in every run.

/// SplitMix64.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of them.
    pub(crate) fn of_all<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// A word that nobody has heard: from five to nine letters.
    pub(crate) fn word(&mut self) -> String {
        const STARTS: [&str; 16] = [
            "ba", "do", "fe", "gri", "ha", "ke", "lo", "mu", "ne", "pla", "ri", "so", "tre", "vo",
            "wa", "zi",
        ];
        const ENDS: [&str; 12] = [
            "nter", "lling", "rk", "mble", "st", "dow", "ckle", "ven", "sh", "ral", "tt", "mmer",
        ];
        let parts = [
            self.of_all(&STARTS),
            self.of_all(&STARTS),
            self.of_all(&ENDS),
        ];
        parts.concat()
    }

    /// So many words.
    pub(crate) fn words(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.word()).collect()
    }
}

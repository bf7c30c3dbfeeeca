//! Values by hash: an open-addressed table for millions of them.
//!
//! What a table of that size costs is waiting for memory, once a lookup: key and value stand side by side, and the place
//! of a key is the highest bits of a product of it. So a table that doubles is gone through from front to back, and
//! written from front to back.

/// An odd number without a pattern (2³² by the golden ratio).
const MIXER: u32 = 0x9e37_79b9;
/// Stands for an empty place. The key of that number is taken for the next one.
const EMPTY: u32 = 0;

/// A map of hashes to values, from which nothing is removed.
#[derive(Debug)]
pub(crate) struct Index<V> {
    /// A power of two of places, at most two thirds of them taken.
    places: Vec<(u32, V)>,
    count: usize,
}

impl<V> Default for Index<V> {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            count: 0,
        }
    }
}

impl<V: Copy + Default> Index<V> {
    /// The value of a key, where it has one.
    pub(crate) fn get(&self, key: u32) -> Option<&V> {
        if self.places.is_empty() {
            return None;
        }
        let (found, value) = &self.places[self.place(key)];
        (*found != EMPTY).then_some(value)
    }

    /// The value of a key, which is given this one where it has none.
    pub(crate) fn get_or_insert(&mut self, key: u32, value: V) -> &mut V {
        if 3 * (self.count + 1) > 2 * self.places.len() {
            self.grow();
        }
        let place = self.place(key);
        let slot = &mut self.places[place];
        if slot.0 == EMPTY {
            *slot = (real(key), value);
            self.count += 1;
        }
        &mut slot.1
    }

    /// Where a key stands, or would.
    fn place(&self, key: u32) -> usize {
        let last = self.places.len() - 1;
        let product = u64::from(real(key).wrapping_mul(MIXER));
        let mut place = ((product * self.places.len() as u64) >> u32::BITS) as usize;
        while self.places[place].0 != EMPTY && self.places[place].0 != real(key) {
            place = (place + 1) & last;
        }
        place
    }

    fn grow(&mut self) {
        let room = (2 * self.places.len()).max(64);
        let old = std::mem::replace(&mut self.places, vec![(EMPTY, V::default()); room]);
        for (key, value) in old.into_iter().filter(|(key, _)| *key != EMPTY) {
            let place = self.place(key);
            self.places[place] = (key, value);
        }
    }
}

/// A key that is not taken for an empty place.
const fn real(key: u32) -> u32 {
    if key == EMPTY { 1 } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn it_holds_what_a_map_holds(keys in proptest::collection::vec(0_u32..400, 0..600), shift in 0_u32..24) {
            let mut index = Index::default();
            let mut map = std::collections::HashMap::new();
            for (at, key) in keys.iter().enumerate() {
                let key = (key + 1) << shift;
                *index.get_or_insert(key, 0) += at;
                *map.entry(key).or_insert(0) += at;
            }
            for key in 0..402_u32 {
                let key = (key + 1) << shift;
                proptest::prop_assert_eq!(index.get(key), map.get(&key));
            }
        }
    }

    #[test]
    fn an_empty_one_has_nothing() {
        assert_eq!(Index::<u8>::default().get(0), None);
    }
}

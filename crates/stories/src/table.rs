//! Terms numbered as they come: a small open-addressed table that is cleared and filled again for every text.
//!
//! Terms are hashes already, so a term's place is its highest bits, and what is not there mostly ends at once on an
//! empty place.

/// Terms, each once, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// 0 for an empty place, else one more than the number of the term that stands there.
    places: Vec<u32>,
    terms: Vec<u32>,
    shift: u32,
}

impl Table {
    /// Forgets all terms and makes room for so many.
    pub(crate) fn clear(&mut self, room: usize) {
        // At most half full, so that the way to an empty place is short.
        let places = (2 * room).next_power_of_two().max(64);
        self.shift = u32::BITS - places.ilog2();
        self.terms.clear();
        self.places.clear();
        self.places.resize(places, 0);
    }

    /// The number of a term, and whether it is new. There must be room for it.
    pub(crate) fn insert(&mut self, term: u32) -> (usize, bool) {
        let place = self.place(term);
        if let Some(number) = self.places[place].checked_sub(1) {
            return (number as usize, false);
        }
        self.terms.push(term);
        self.places[place] = self.terms.len() as u32;
        (self.terms.len() - 1, true)
    }

    /// The number of a term.
    pub(crate) fn find(&self, term: u32) -> Option<usize> {
        let number = self.places[self.place(term)].checked_sub(1)?;
        Some(number as usize)
    }

    /// All terms, by number.
    pub(crate) fn terms(&self) -> &[u32] {
        &self.terms
    }

    /// Where a term stands, or would.
    fn place(&self, term: u32) -> usize {
        let last = self.places.len() - 1;
        let mut place = (term >> self.shift) as usize;
        while let Some(number) = self.places[place].checked_sub(1)
            && self.terms[number as usize] != term
        {
            place = (place + 1) & last;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_keep_their_numbers_however_they_crowd() {
        let mut table = Table::default();
        for round in 0..2 {
            table.clear(40);
            for term in (0..40).rev() {
                assert_eq!(table.insert(term), (39 - term as usize, true), "round {round}");
            }
            assert_eq!(table.insert(7), (32, false));
            assert_eq!((table.find(39), table.find(40)), (Some(0), None));
            assert_eq!(table.terms().len(), 40);
        }
    }
}

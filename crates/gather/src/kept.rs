//! What is known of places that were asked lately. Of the rest it is forgotten, so that memory stays bounded.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Values by name, about as many as `most`: those that were asked for last.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    most: usize,
    shelf: Mutex<Shelf<T>>,
}

#[derive(Debug)]
struct Shelf<T> {
    /// Each value with the number of the call that asked for it last.
    values: HashMap<String, (u64, Arc<T>)>,
    calls: u64,
}

impl<T> Kept<T> {
    pub(crate) fn new(most: usize) -> Self {
        let shelf = Shelf {
            values: HashMap::new(),
            calls: 0,
        };
        Self {
            most,
            shelf: Mutex::new(shelf),
        }
    }

    /// The value of this name, made where there is none. Room is made by the one that was not asked for longest, of
    /// those that nobody holds and that `may_go`; where there is none of these, the number grows.
    pub(crate) fn get(&self, name: &str, make: impl FnOnce() -> T, may_go: impl Fn(&T) -> bool) -> Arc<T> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.calls += 1;
        let call = shelf.calls;
        if let Some((last, value)) = shelf.values.get_mut(name) {
            *last = call;
            return value.clone();
        }
        if shelf.values.len() >= self.most {
            shelf.forget_one(may_go);
        }
        let value = Arc::new(make());
        shelf.values.insert(name.to_owned(), (call, value.clone()));
        value
    }
}

impl<T> Shelf<T> {
    fn forget_one(&mut self, may_go: impl Fn(&T) -> bool) {
        let free = |value: &Arc<T>| Arc::strong_count(value) == 1 && may_go(value);
        let oldest = self
            .values
            .iter()
            .filter(|(_, (_, value))| free(value))
            .min_by_key(|(_, (last, _))| last);
        if let Some(name) = oldest.map(|(name, _)| name.clone()) {
            self.values.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(kept: &Kept<String>, name: &str) -> Arc<String> {
        kept.get(name, || name.to_owned(), |value| value != "stays")
    }

    #[test]
    fn the_one_that_was_not_asked_for_longest_goes() {
        let kept = Kept::new(3);
        let [a, b, c] = ["a", "b", "c"].map(|name| Arc::downgrade(&get(&kept, name)));
        get(&kept, "a");
        get(&kept, "d");
        assert!(b.upgrade().is_none(), "asked for before c, and a again since");
        assert!(a.upgrade().is_some() && c.upgrade().is_some());
    }

    #[test]
    fn what_is_held_or_must_stay_does_not_go() {
        let kept = Kept::new(2);
        let (held, stays) = (get(&kept, "held"), Arc::downgrade(&get(&kept, "stays")));
        let third = Arc::downgrade(&get(&kept, "third"));
        get(&kept, "fourth");
        assert!(third.upgrade().is_none() && stays.upgrade().is_some());
        assert!(Arc::ptr_eq(&held, &get(&kept, "held")));
    }
}

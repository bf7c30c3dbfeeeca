//! Which readers a statement is about, as a condition on their rows or on the tally that the database keeps of them.

use reveille_model::{Segment, SubscriberState};

use crate::{
    Store, StoreError, briefs,
    sql::{Arg, args, places},
};

/// A condition that grows, with its values.
pub(crate) struct Filter<'a> {
    pub(crate) text: String,
    pub(crate) args: Vec<Arg<'a>>,
}

impl<'a> Filter<'a> {
    /// What the tally and the readers share.
    pub(crate) async fn of(store: &Store, segment: &Segment) -> Result<Self, StoreError> {
        let all = briefs::list(store).await?;
        let briefs = all
            .iter()
            .filter(|stored| segment.within(&stored.brief).is_some());
        let mut filter = Self {
            text: String::new(),
            args: Vec::new(),
        };
        filter.among("brief_id", briefs.flat_map(|stored| args![stored.id]).collect());
        let states = [SubscriberState::Active, SubscriberState::Paused];
        filter.among(
            "state",
            states.into_iter().flat_map(|state| args![state]).collect(),
        );
        filter.living(segment);
        Ok(filter)
    }

    /// Only those of an audience, among a brief's readers.
    pub(crate) fn audience(&mut self, audience: Option<&Segment>) {
        if let Some(segment) = audience {
            self.living(segment);
            self.joined(segment);
        }
    }

    /// Only those who live where the segment's readers do.
    fn living(&mut self, segment: &Segment) {
        if !segment.countries.is_empty() {
            let countries = segment.countries.iter();
            self.among("country", countries.flat_map(|country| args![*country]).collect());
        }
        if !segment.zones.is_empty() {
            let zones = segment.zones.iter();
            let names = zones.flat_map(|zone| args![zone.name().to_owned()]);
            self.among("zone", names.collect());
        }
    }

    /// Only readers who came when the segment's did.
    pub(crate) fn joined(&mut self, segment: &Segment) {
        if let Some(from) = &segment.from {
            self.that("created_at >= ", args![from.start()]);
        }
        if let Some(until) = &segment.until {
            self.that("created_at < ", args![until.next().start()]);
        }
    }

    /// Only rows whose column is one of these; none where there are none.
    fn among(&mut self, column: &str, values: Vec<Arg<'static>>) {
        if values.is_empty() {
            self.and("1 = 0");
            return;
        }
        let places = places(self.args.len() + 1, values.len());
        self.and(&format!("{column} in ({places})"));
        self.args.extend(values);
    }

    /// Only rows whose column is none of these.
    pub(crate) fn except(&mut self, column: &str, values: Vec<Arg<'static>>) {
        if !values.is_empty() {
            let places = places(self.args.len() + 1, values.len());
            self.and(&format!("{column} not in ({places})"));
            self.args.extend(values);
        }
    }

    /// Only rows of which this is true, with the value behind it.
    pub(crate) fn that(&mut self, condition: &str, value: Vec<Arg<'static>>) {
        let place = places(self.args.len() + 1, 1);
        self.and(&format!("{condition}{place}"));
        self.args.extend(value);
    }

    pub(crate) fn and(&mut self, condition: &str) {
        if !self.text.is_empty() {
            self.text += " and ";
        }
        self.text += condition;
    }
}

//! The nouns of a morning: ids, states and parsed strings.
//!
//! Every other crate speaks in these types. A value is parsed once, at the edge, and its type is the proof:
//! [`CanonicalUrl`], [`EmailAddress`], [`Country`], [`Zone`]. A state is an enum whose transitions are methods.
//!
//! This crate does no I/O, runs no async code and reads no clock: [`Clock`] is only the shape in which the
//! binary hands one down.

mod address;
mod advice;
mod alert;
mod article;
mod basis;
mod brief;
mod cities;
mod clock;
mod country;
mod credential;
mod delivery;
mod edition;
mod entry_form;
mod event_section;
mod forecast;
mod front;
mod hex;
mod home;
mod id;
mod item;
mod language;
mod near;
mod network;
mod notice;
mod numbering;
mod polling;
mod program;
mod ruling;
mod section_plan;
mod segment;
mod slot;
mod source;
mod state;
mod story;
mod subscriber;
mod time;
mod topic;
mod uri;
mod url;
mod version;
mod weekday;

pub use address::{AddressError, EmailAddress};
pub use advice::Advice;
pub use alert::AlertKind;
pub use article::{
    Article, ArticleKind, Block, BlockKind, Dateline, Evidence, EvidenceMark, Image, Origin, OriginClass,
    Repair, paragraphs_of, text_of,
};
pub use basis::{Basis, Check, Dropped, EntryKey, EntryKind, Overruled};
pub use brief::{Access, Approval, Brief, BriefError, Slug};
pub use clock::Clock;
pub use country::{Country, CountryError};
pub use credential::{Credential, CredentialError, Secret};
pub use delivery::{DeliveryState, IfUnknown};
pub use edition::{
    Correction, Credit, Edition, EditionMove, EditionState, Entry, Extract, Follows, LeftOut, Proposed,
    Report, Section, SectionKind,
};
pub use event_section::{EventRules, EventSection, EventState};
pub use forecast::{Forecast, InTime};
pub use front::{Front, Sponsor};
pub use hex::hex;
pub use home::{Home, ZoneOrigin};
pub use id::{
    AlertId, ArticleId, BriefId, CallId, DeliveryId, EditionId, EntryId, EventSectionId, ItemId, JobId,
    NoticeId, RulingId, SessionId, SourceId, StoryId, SubscriberId, TokenId, WebhookId,
};
pub use item::{Item, ItemState};
pub use language::Language;
pub use near::{distance, nearest};
pub use network::{Network, NetworkError};
pub use notice::{Change, Fate, Notice, NoticeKind, NoticeState};
pub use numbering::Numbering;
pub use polling::{Bounds, LONGEST_REST, Next, Outcome, Polling};
pub use program::{Event, Scope};
pub use ruling::{Pair, Ruling};
pub use section_plan::SectionPlan;
pub use segment::{Month, Segment};
pub use slot::{Slot, TooLate};
pub use source::{SourceKind, SourceState};
pub use state::UnknownState;
pub use story::{CopyLink, Fact, Reason};
pub use subscriber::{
    Consent, ConsentKind, LinkPurpose, MailFormat, Means, ReturnKind, SubscriberState, Visit,
};
pub use time::{Day, MorningTime, Published, TimeError, UnixMillis, Zone};
pub use topic::Topics;
pub use uri::Uri;
pub use url::{CanonicalUrl, UrlError, site_of, without_password};
pub use version::{ArticleState, Revision};
pub use weekday::{WeekdayError, Weekdays};

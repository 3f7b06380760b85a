//! The only place that joins stages; reads the clock once a run.
//!
//! [`Pipeline::update`] takes sources to the store and on to published files, [`Pipeline::publish`] only the last part,
//! [`preview()`] reads one document and keeps nothing. What went wrong with one source is data in the [`Report`]; an
//! [`Error`] means that the run could not go on.

mod account;
mod admit;
mod apart;
mod archive;
mod archives;
mod claim;
mod contract;
mod definitions;
mod doctor;
mod ending;
mod enrich;
mod error;
mod foreign;
mod join;
mod keep;
mod line;
mod look;
mod merging;
mod migration;
mod moves;
mod pages;
mod places;
mod prepare;
mod preview;
mod prune;
mod publish;
mod read;
mod rehearse;
mod report;
mod robots;
mod ruling;
mod shown;
mod standing;
mod update;
mod visit;
mod withdraw;

pub use account::{Account, FieldOrigin, Pair, account};
pub use apart::Stopped;
pub use archives::Archived;
pub use claim::claim;
pub use doctor::{Examined, examine, mend};
pub use error::{Error, with_causes};
pub use foreign::InTheWay;
pub use keep::{Foreknown, take_in};
pub use line::{Clock, Pipeline, now};
pub use look::{Found, look};
pub use places::{ArchivePage, FeedStanding, Place, places};
pub use prepare::Incoming;
pub use preview::{Explained, Preview, PreviewError, explain, preview};
pub use prune::{GivenUp, Room, give_back, prunable, prune};
pub use publish::{Publication, opml};
pub use rehearse::{FeedDifference, rehearse};
pub use report::{Asking, Progress, Report, Watch};
pub use ruling::Refused;
pub use standing::Standing;
pub use withdraw::Withdrawn;

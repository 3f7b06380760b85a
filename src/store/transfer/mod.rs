//! The whole archive as JSON Lines, and back: what outlives this program, its database and its computer.
//!
//! # The format
//! UTF-8, one object a line. The first line says what the file is, the last how many lines stand between, so that a file that
//! was cut off is told from a whole one:
//!
//! ```json
//! {"format":"agg archive","version":1}
//! {"line":"source","id":"blog","url":"https://blog.example/feed", …}
//! {"line":"entry","number":1,"title":"On boats","tags":["boats"], …}
//! {"line":"end","lines":2}
//! ```
//!
//! `line` says what a line is; [`kinds`] lists them in their order, with their fields. A field without a value is left out. Times
//! are RFC 3339 in UTC, bodies HTML; what is no text is `{"hex": "…"}`. Entries are told apart by their number, which is also
//! that of `agg list`; sources and feeds by the names that they have in feeds.toml. The same archive gives the same bytes.
//!
//! What can be made anew is not written: the search index and the marks by which like entries are found. Secrets are never in an
//! archive, so they are in no file of it; addresses are, as in feeds.toml.
//!
//! # Reading
//! Only an empty archive takes a file, in one transaction: all of it or nothing. A line that is not as it must be is an error
//! with its number, and so is a field that we do not know: a version that adds one has a higher number, and passing over what
//! a newer agg knew would lose it. Files of all older versions are read.

mod export;
mod form;
mod import;
mod kinds;
#[cfg(test)]
mod tests;

pub(super) use form::Form;

/// What the first line says of the file.
const FORMAT: &str = "agg archive";
/// The version that is written; a kind of line or a field that is added makes another one.
const VERSION: u32 = 1;

/// How the values of that column are written, if they are given on.
pub(super) fn form(table: &str, column: &str) -> Option<Form> {
    if (table, column) == ("bodies", "html") {
        return Some(Form::Packed);
    }
    let kind = kinds::KINDS.iter().find(|kind| kind.table == table)?;
    let is_there =
        |field: &&kinds::Field| matches!(field.place, kinds::Place::Column(it) if it == column);
    kind.fields.iter().find(is_there).map(|field| field.form)
}

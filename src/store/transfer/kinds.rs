//! The kinds of lines, in the order in which they stand in a file: what a line refers to comes before it.

use url::Url;

use super::super::row::{Detail, Shown};
use super::form::{Form, json, of};
use crate::model::{
    Contract, DateKind, Enclosure, Kept, OutcomeKind, Precision, Rewrites, SourceId, UpdateHints,
    Verdict, Wrapper,
};

/// What a line of one kind holds: a row of a table.
pub(super) struct Kind {
    /// The word in the field `line`.
    pub(super) name: &'static str,
    pub(super) table: &'static str,
    /// By what the rows are sorted, so that the same archive gives the same bytes.
    pub(super) order: &'static str,
    /// The first is never left out.
    pub(super) fields: &'static [Field],
}

/// A field of a line.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) place: Place,
}

/// Where the value of a field is kept.
pub(super) enum Place {
    /// In that column of the table.
    Column(&'static str),
    /// In a table of its own, by the number of the row.
    Beside {
        /// Gives the value for the row of `t`.
        read: &'static str,
        /// Keeps the value `?2` of the row with number `?1`.
        write: &'static str,
    },
}

/// A field that is called as its column.
const fn same(name: &'static str, form: Form) -> Field {
    named(name, name, form)
}

const fn named(name: &'static str, column: &'static str, form: Form) -> Field {
    Field {
        name,
        form,
        place: Place::Column(column),
    }
}

/// All that is given on. Numbers of rows are not, but for those of entries, by which people know them: where rows have no
/// other order, the order of the lines is that of their numbers.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "source",
        table: "sources",
        order: "num",
        fields: &[
            same("id", Form::Word(of::<SourceId>)),
            same("url", Form::Word(of::<Url>)),
            same("host", Form::Text),
            same("kind", Form::Word(|it| ["auto", "feed", "page"].contains(&it))),
            same("given_title", Form::Text),
            same("rank", Form::Number),
            same("active", Form::Flag),
            same("configuration", Form::Text),
            same("title", Form::Text),
            same("site", Form::Text),
            same("feed_id", Form::Text),
            same("language", Form::Text),
            same("is_feed", Form::Flag),
            same("etag", Form::Text),
            same("last_modified", Form::Text),
            same("validators_from", Form::Text),
            same("body_hash", Form::Text),
            same("last_asked", Form::Instant),
            same("last_good", Form::Instant),
            same("last_new", Form::Instant),
            same("failures", Form::Number),
            same("not_before", Form::Instant),
            same("server_wish", Form::Flag),
            same("last_outcome", Form::Word(of::<OutcomeKind>)),
            same("last_error", Form::Text),
            same("entries", Form::Number),
            named("fresh_for_seconds", "fresh_for", Form::Number),
            same("hints", Form::Json(json::<UpdateHints>)),
            named("gap_seconds", "gap", Form::Number),
            same("newest", Form::Instant),
            same("moved_to", Form::Text),
            same("moved_days", Form::Number),
            same("moved_at", Form::Instant),
            same("pruned", Form::Instant),
        ],
    },
    Kind {
        name: "contract",
        table: "contracts",
        order: "source",
        fields: &[
            same("source", Form::Source),
            same("contract", Form::Json(json::<Contract>)),
            same("wrapper", Form::Json(json::<Wrapper>)),
            same("verdict", Form::Json(json::<Verdict>)),
            same("judged", Form::Instant),
        ],
    },
    Kind {
        name: "page",
        table: "pages",
        order: "source, which",
        fields: &[
            same("source", Form::Source),
            same(
                "which",
                Form::Word(|it| [Kept::Good, Kept::Bad].map(Kept::as_str).contains(&it)),
            ),
            same("at", Form::Instant),
            same("url", Form::Word(of::<Url>)),
            same("media_type", Form::Text),
            same("charset", Form::Text),
            same("size", Form::Number),
            same("body", Form::PackedBytes),
        ],
    },
    Kind {
        name: "robots",
        table: "robots",
        order: "origin",
        fields: &[
            same("origin", Form::Text),
            same("body", Form::PackedBytes),
            same("etag", Form::Text),
            same("last_modified", Form::Text),
            same("answered", Form::Instant),
            same("failing", Form::Instant),
            same("asked", Form::Instant),
        ],
    },
    Kind {
        name: "entry",
        table: "entries",
        order: "id",
        fields: &[
            named("number", "id", Form::Number),
            same("title", Form::Text),
            same("url", Form::Word(of::<Url>)),
            same("key", Form::Text),
            same("published", Form::Instant),
            same("precision", Form::Word(of::<Precision>)),
            same("updated", Form::Instant),
            same("summary", Form::Text),
            same("read_minutes", Form::Number),
            same("language", Form::Text),
            same("image", Form::Word(of::<Url>)),
            Field {
                name: "tags",
                form: Form::Json(json::<Vec<String>>),
                place: Place::Beside {
                    read: "(SELECT json_group_array(tag ORDER BY place) FROM tags WHERE entry = t.id HAVING count(*) > 0)",
                    write: "INSERT INTO tags (entry, place, tag) SELECT ?1, key, value FROM json_each(?2)",
                },
            },
            Field {
                name: "enclosures",
                form: Form::Json(json::<Vec<Enclosure>>),
                place: Place::Beside {
                    // a patch leaves out what is null
                    read: "(SELECT json_group_array(json_patch('{}', json_object('url', url, 'media_type', media_type,
                                'length', length, 'duration_seconds', duration_seconds)) ORDER BY place)
                            FROM enclosures WHERE entry = t.id HAVING count(*) > 0)",
                    write: "INSERT INTO enclosures (entry, place, url, media_type, length, duration_seconds)
                            SELECT ?1, key, value ->> 'url', value ->> 'media_type', value ->> 'length',
                                value ->> 'duration_seconds' FROM json_each(?2)",
                },
            },
            same("detail", Form::Json(json::<Detail>)),
            named("text_print", "text", Form::Print),
            same("date", Form::Instant),
            same("first_seen", Form::Instant),
        ],
    },
    Kind {
        name: "sighting",
        table: "sightings",
        order: "id",
        fields: &[
            same("entry", Form::Number),
            same("home", Form::Number),
            same("source", Form::Source),
            same("place", Form::Number),
            same("gives_body", Form::Flag),
            same("position", Form::Number),
            same("guid", Form::Text),
            same("print", Form::Print),
            same("shown", Form::Json(json::<Shown>)),
            same("first_seen", Form::Instant),
            same("last_seen", Form::Instant),
            same("rewrites", Form::Json(json::<Rewrites>)),
            Field {
                name: "body",
                form: Form::Packed,
                place: Place::Beside {
                    read: "(SELECT html FROM bodies WHERE sighting = t.id)",
                    write: "INSERT INTO bodies (sighting, html) VALUES (?1, ?2)",
                },
            },
            Field {
                name: "pruned",
                form: Form::Instant,
                place: Place::Beside {
                    read: "(SELECT at FROM pruned WHERE sighting = t.id)",
                    write: "INSERT INTO pruned (sighting, length, at) VALUES (?1, 0, ?2)
                            ON CONFLICT (sighting) DO UPDATE SET at = excluded.at",
                },
            },
            Field {
                name: "pruned_bytes",
                form: Form::Number,
                place: Place::Beside {
                    read: "(SELECT length FROM pruned WHERE sighting = t.id)",
                    write: "INSERT INTO pruned (sighting, length, at) VALUES (?1, ?2, 0)
                            ON CONFLICT (sighting) DO UPDATE SET length = excluded.length",
                },
            },
        ],
    },
    Kind {
        name: "alias",
        table: "aliases",
        order: "kind, scope, value",
        fields: &[
            same("kind", Form::AliasKind),
            named("source", "scope", Form::Scope),
            same("value", Form::Text),
            same("entry", Form::Number),
        ],
    },
    Kind {
        name: "joined",
        table: "joined",
        order: "entry",
        fields: &[same("entry", Form::Number), same("head", Form::Number)],
    },
    Kind {
        name: "ruling",
        table: "rulings",
        order: "one, other",
        fields: &[
            same("one", Form::Number),
            same("other", Form::Number),
            same("together", Form::Flag),
            same("at", Form::Instant),
        ],
    },
    Kind {
        name: "parted",
        table: "parted",
        order: "entry, source",
        fields: &[
            same("entry", Form::Number),
            same("source", Form::Source),
            same("own", Form::Number),
        ],
    },
    Kind {
        name: "pending",
        table: "pending",
        order: "entry",
        fields: &[same("entry", Form::Number)],
    },
    Kind {
        name: "edited",
        table: "edited",
        order: "entry",
        fields: &[same("entry", Form::Number)],
    },
    Kind {
        name: "held",
        table: "held",
        order: "entry",
        fields: &[
            same("entry", Form::Number),
            same("source", Form::Source),
            same("since", Form::Instant),
            same("released", Form::Flag),
        ],
    },
    Kind {
        name: "ledger",
        table: "ledger",
        order: "entry",
        fields: &[
            same("entry", Form::Number),
            named("id", "published_id", Form::Text),
            same("date", Form::Instant),
            same("date_kind", Form::Word(of::<DateKind>)),
            same("first_published", Form::Instant),
            same("changed", Form::Instant),
        ],
    },
    Kind {
        name: "feed",
        table: "feeds",
        order: "num",
        fields: &[
            same("id", Form::Text),
            same("uri", Form::Text),
            same("minted", Form::Instant),
            same("filter", Form::Json(json::<serde_json::Value>)),
        ],
    },
    Kind {
        name: "publication",
        table: "publications",
        order: "feed, sequence",
        fields: &[
            same("feed", Form::Feed),
            same("sequence", Form::Number),
            same("entry", Form::Number),
            same("first_published", Form::Instant),
            same("source", Form::Source),
            same("front", Form::Flag),
            same("fits", Form::Flag),
        ],
    },
    Kind {
        name: "archive",
        table: "archives",
        order: "feed, page",
        fields: &[
            same("feed", Form::Feed),
            same("page", Form::Number),
            same("last", Form::Number),
            same("closed", Form::Instant),
        ],
    },
    Kind {
        name: "archive_document",
        table: "archive_documents",
        order: "feed, page, format",
        fields: &[
            same("feed", Form::Feed),
            same("page", Form::Number),
            same("format", Form::Word(|it| ["xml", "json"].contains(&it))),
            same("address", Form::Text),
            same("size", Form::Number),
            same("last_modified", Form::Text),
            Field {
                name: "body",
                form: Form::Document,
                place: Place::Beside {
                    read: "t.id",
                    write: "INSERT INTO archive_bodies (document, body) VALUES (?1, ?2)",
                },
            },
        ],
    },
    Kind {
        name: "output",
        table: "outputs",
        order: "path",
        fields: &[same("path", Form::Text), same("hash", Form::Text)],
    },
    Kind {
        name: "fetch",
        table: "fetches",
        order: "id",
        fields: &[
            same("source", Form::Source),
            same("at", Form::Instant),
            same("outcome", Form::Word(of::<OutcomeKind>)),
            same("status", Form::Number),
            same("new", Form::Number),
            same("updated", Form::Number),
            same("known", Form::Number),
            same("bytes", Form::Number),
            same("millis", Form::Number),
            same("error", Form::Text),
            same("help", Form::Text),
            same("warnings", Form::Json(json::<Vec<String>>)),
        ],
    },
];

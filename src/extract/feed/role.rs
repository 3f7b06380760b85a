//! What an open element of a feed is to the wash.

/// What an open element is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Root,
    Channel,
    Entry,
    /// An author, perhaps with children.
    Person,
    /// An RSS `image`, of which only the `url` counts.
    Image,
    /// Its children count as its parent's.
    Group,
    /// The feed that an entry of a planet is from (RFC 4287 §4.2.11).
    Source,
    /// Its text is a field.
    Leaf,
    /// Markup inside a leaf.
    Inner,
    /// Nothing of ours.
    Skip,
}

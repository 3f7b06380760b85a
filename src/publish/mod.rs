//! Feed → Document.

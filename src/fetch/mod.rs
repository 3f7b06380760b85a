//! Source → Document: the HTTP door in.

//! Takes a document, gives it to the world: files in a folder. Never decides what is published, never renders.

pub mod files;
pub mod removal;

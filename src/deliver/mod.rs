//! Document → world, pushed.

//! `timezone`: whose clock a source means where it states none.

use chrono_tz::{TZ_VARIANTS, Tz};
use toml::Spanned;

use super::findings::Check;

impl Check<'_> {
    /// A name of the time zone database.
    pub(super) fn timezone(&mut self, given: Option<&Spanned<String>>) -> Option<Tz> {
        let given = given?;
        let name = given.get_ref().trim();
        if let Ok(zone) = name.parse() {
            return Some(zone);
        }
        let wanted = name.replace(' ', "_");
        let is_meant = |zone: &&Tz| {
            let place = zone.name().rsplit('/').next().unwrap_or_default();
            place.eq_ignore_ascii_case(&wanted) || zone.name().eq_ignore_ascii_case(&wanted)
        };
        let help = match TZ_VARIANTS.iter().find(is_meant) {
            Some(zone) => format!("did you mean \"{zone}\"?"),
            None => "write a name of the time zone database, as in \"Europe/Berlin\"".to_owned(),
        };
        let what = format!("`{name}` is no time zone");
        self.problem(given.span(), what, help);
        None
    }
}

//! `timezone`: whose clock a source means where it states none.

use chrono_tz::{TZ_VARIANTS, Tz};
use toml::Spanned;

use super::file::GroupTable;
use super::findings::Check;
use crate::fetch::Group;
use crate::model::Source;

impl Check<'_> {
    /// Those of the groups, in order.
    pub(super) fn zones(&mut self, tables: &[GroupTable]) -> Vec<Option<Tz>> {
        (tables.iter())
            .map(|table| self.timezone(table.timezone.as_ref()))
            .collect()
    }

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

/// Gives each source without a zone that of its group, the first that fits its host.
pub(super) fn settle(sources: &mut [Source], groups: &[Group], zones: &[Option<Tz>]) {
    for source in sources
        .iter_mut()
        .filter(|source| source.timezone.is_none())
    {
        let host = source.url.host_str().unwrap_or_default();
        let is_of = |group: &Group| group.hosts.iter().any(|pattern| pattern.fits(host));
        let group = groups.iter().position(is_of);
        source.timezone = group.and_then(|at| *zones.get(at)?);
    }
}

//! What the policy files hold, before it is known whether all of it is right; and what one file may say only if another
//! says something too.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::domains::Domains;
use crate::error::Problems;
use crate::expectations::{self, PolicyTest};
use crate::files::{MASKS, MODEL, POLICY, PolicyFiles, ROWS, TAGS, USERS};
use crate::grants::{self, PolicyRules, RoleLink, Subject};
use crate::masks::{self, MaskKind, MaskRule};
use crate::model;
use crate::rows::{self, FilterRule};
use crate::tags::Tags;
use crate::users::{self, User};

/// Everything that was read, the house's before the domains'.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) domains: Domains,
    pub(crate) rules: PolicyRules,
    pub(crate) users: HashMap<String, User>,
    pub(crate) tags: Tags,
    pub(crate) filters: Vec<Arc<FilterRule>>,
    /// In the order in which they apply.
    pub(crate) masks: Vec<MaskRule>,
    pub(crate) tests: Vec<Arc<PolicyTest>>,
}

impl Parts {
    pub(crate) fn read(mut files: PolicyFiles, problems: &mut Problems) -> Parts {
        if let Some(text) = files.text(MODEL) {
            model::check(text, problems);
        }
        let mut parts = Parts::default();
        for (origin, text) in files.each(POLICY) {
            grants::read(&origin, text, &mut parts.rules, problems);
        }
        if let Some(text) = files.text(USERS) {
            parts.users = users::read(text, problems);
            parts.check_users(problems);
        }
        for (origin, text) in files.each(TAGS) {
            parts.tags.read(&origin, text, problems);
        }
        for (origin, text) in files.each(ROWS) {
            parts.filters.extend(rows::read(&origin, text, problems));
        }
        for (origin, text) in files.each(MASKS) {
            parts.masks.extend(masks::read(&origin, text, &parts.tags, problems));
        }
        parts.masks.sort_by_key(|rule| rule.rank);
        for (origin, text) in files.tests() {
            parts.tests.extend(expectations::read(&origin, text, &parts.tags, problems));
        }
        parts.domains = std::mem::take(&mut files.domains);
        parts.check_roles(problems);
        parts.check_links(problems);
        parts.check_roles_of_domains(problems);
        parts
    }

    /// Where users are listed, a rule for an unlisted one is a misspelling: of a denial that would mean no denial.
    fn check_users(&self, problems: &mut Problems) {
        let granted = self.rules.grants.iter().map(|grant| (&grant.subject, &grant.file, grant.line));
        let linked = self.rules.links.iter().map(|link| (&link.member, &link.origin.file, link.line));
        for (subject, file, line) in granted.chain(linked) {
            if let Subject::User(name) = subject
                && !self.users.contains_key(&**name)
            {
                let message =
                    format!("unknown user `{name}`: users.toml has no [{name}], and a role is written role:{name}");
                problems.add(file, line, message);
            }
        }
    }

    /// A role is known if a policy.csv names it.
    fn check_roles(&self, problems: &mut Problems) {
        let known: HashSet<&str> = self.rules.roles().collect();
        let bound = self.filters.iter().flat_map(|filter| filter.binds.roles().map(|role| (&filter.file, role)));
        let spared = self.masks.iter().flat_map(|rule| rule.unless.iter().map(|role| (&rule.mask.file, role)));
        let excused = self.tests.iter().flat_map(|test| test.roles().iter().map(|role| (&test.file, role)));
        for (file, (role, line)) in bound.chain(spared).chain(excused) {
            if !known.contains(&**role) {
                problems.add(file, *line, format!("unknown role `{role}`: policy.csv never names role:{role}"));
            }
        }
    }

    /// A role that somebody is given and that does nothing is a misspelling where filters bind roles: that of the role
    /// which was meant would not bind.
    fn check_links(&self, problems: &mut Problems) {
        if self.filters.iter().all(|filter| filter.binds_everyone()) {
            return;
        }
        let granted = self.rules.grants.iter().filter_map(|grant| grant.subject.role());
        let members = self.rules.links.iter().filter_map(|link| link.member.role());
        let bound = self.filters.iter().flat_map(|filter| filter.binds.roles().map(|(role, _)| role));
        let spared = self.masks.iter().flat_map(|mask| mask.unless.iter().map(|(role, _)| role));
        let excused = self.tests.iter().flat_map(|test| test.roles().iter().map(|(role, _)| role));
        let used: HashSet<&Arc<str>> = granted.chain(members).chain(bound).chain(spared).chain(excused).collect();
        for link in &self.rules.links {
            if let Some(role) = link.role.role().filter(|role| !used.contains(role) && !self.is_quoted(role)) {
                let message = format!(
                    "role `{role}` does nothing: no grant, filter or mask names it, and no other role is its own"
                );
                problems.add(&link.origin.file, link.line, message);
            }
        }
    }

    /// Whether the text of a filter or mask may name the role, in `has_role('ROLE')`. What the text means is for the
    /// planner to say; here it is enough that the role isn't said to do nothing where it may do something.
    fn is_quoted(&self, role: &str) -> bool {
        let quoted = format!("'{role}'");
        let masks = self.masks.iter().filter_map(|rule| match &rule.mask.kind {
            MaskKind::Sql { expression, .. } => Some(expression),
            _ => None,
        });
        self.filters.iter().map(|filter| &filter.condition).chain(masks).any(|text| text.contains(&quoted))
    }

    /// A domain says who has its own roles. So these may do nothing outside of the domain, whichever file speaks of them,
    /// and the domain may hand out no others.
    fn check_roles_of_domains(&self, problems: &mut Problems) {
        for grant in &self.rules.grants {
            let Some(domain) = grant.subject.role().and_then(|role| self.domains.of_role(role)) else { continue };
            if !grant.object.schema().is_some_and(|schema| domain.owns(&schema)) {
                let message = format!(
                    "`{}` is a role of domain `{}`, which says who has it: expected only what the domain owns ({}), \
                     found `{}`",
                    grant.subject,
                    domain.name,
                    domain.listed(),
                    grant.object
                );
                problems.add(&grant.file, grant.line, message);
            }
        }
        for link in &self.rules.links {
            if let Some(message) = self.link_beyond(link) {
                problems.add(&link.origin.file, link.line, message);
            }
        }
        self.masks.iter().for_each(|rule| self.check_spared(rule, problems));
    }

    fn link_beyond(&self, link: &RoleLink) -> Option<String> {
        let handed = link.role.role().and_then(|role| self.domains.of_role(role));
        let of_file = link.origin.domain.as_ref();
        if let Some(domain) = of_file.filter(|domain| handed != Some(domain)) {
            return Some(format!(
                "domain `{0}` gives only its own roles: expected role:{0}.NAME, found {1}",
                domain.name, link.role
            ));
        }
        let member = link.member.role().and_then(|role| self.domains.of_role(role))?;
        (handed != Some(member)).then(|| {
            format!(
                "`{0}` is a role of domain `{1}`, which says who has it: expected only roles of that domain for it, \
                 role:{1}.NAME, found {2}",
                link.member, member.name, link.role
            )
        })
    }

    fn check_spared(&self, rule: &MaskRule, problems: &mut Problems) {
        for (role, line) in &rule.unless {
            let Some(domain) = self.domains.of_role(role) else { continue };
            if let Some(placed) = rule.columns.iter().find(|placed| !domain.owns(&placed.pattern.schema)) {
                let message = format!(
                    "role `{role}` is one of domain `{}`, which says who has it: expected a mask on what the domain owns \
                     only ({}), found `{}`",
                    domain.name,
                    domain.listed(),
                    placed.pattern
                );
                problems.add(&rule.mask.file, *line, message);
            }
        }
    }
}

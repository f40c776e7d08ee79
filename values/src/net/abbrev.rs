//! `abbrev` of `cidr`: only what the network's part takes is told.

use std::fmt::Write;

use super::inet::{Family, Inet};
use super::inet_text::groups;

/// Where the zeros that are left out begin, and how many groups are. A run that isn't longer than the longest one so
/// far isn't forgotten when it ends: PostgreSQL counts the next one to it, so that groups between them are lost.
fn left_out(groups: &[u16]) -> (usize, usize) {
    let (mut longest, mut run) = ((0, 0), (0, 0));
    for (at, &group) in groups.iter().enumerate() {
        if group == 0 {
            run = if run.1 == 0 { (at, 1) } else { (run.0, run.1 + 1) };
        } else if run.1 > longest.1 {
            (longest, run) = (run, (0, 0));
        }
    }
    if run.1 > longest.1 { run } else { longest }
}

impl Inet {
    /// `abbrev` of `cidr`.
    pub fn abbrev_cidr(&self) -> String {
        let mut text = String::with_capacity(20);
        match self.family {
            Family::V4 => self.abbrev_v4(&mut text),
            Family::V6 => self.abbrev_v6(&mut text),
        }
        // Writing to a String can't fail.
        let _ = write!(text, "/{}", self.bits);
        text
    }

    fn abbrev_v4(&self, text: &mut String) {
        let octets = self.network().address.to_be_bytes();
        let told = usize::from(self.bits.div_ceil(8)).max(1);
        for (at, octet) in octets.iter().skip(12).take(told).enumerate() {
            let dot = if at > 0 { "." } else { "" };
            let _ = write!(text, "{dot}{octet}");
        }
    }

    fn abbrev_v6(&self, text: &mut String) {
        if self.bits == 0 {
            text.push_str("::");
            return;
        }
        let address = self.network().address;
        let octets = address.to_be_bytes();
        let groups = groups(address);
        let told = usize::from(self.bits.div_ceil(16)).max(2);
        let (start, length) = left_out(groups.get(..told).unwrap_or(&groups));
        let embeds_v4 = length != told
            && start == 0
            && match length {
                6 => true,
                5 => groups[5] == 0xffff,
                7 => octets[14] != 0 && octets[15] != 1,
                _ => false,
            };
        for (at, group) in groups.iter().enumerate().take(told) {
            if (start..start + length).contains(&at) {
                if at == start {
                    text.push(':');
                }
                if at == told - 1 {
                    text.push(':');
                }
                continue;
            }
            if embeds_v4 && at > 5 {
                let separator = if at == 6 { ':' } else { '.' };
                let _ = write!(text, "{separator}{}", octets[2 * at]);
                // The last octet isn't told if no bit of it belongs to the network.
                if at != 7 || self.bits > 120 {
                    let _ = write!(text, ".{}", octets[2 * at + 1]);
                }
                continue;
            }
            if !text.is_empty() {
                text.push(':');
            }
            let _ = write!(text, "{group:x}");
        }
    }
}

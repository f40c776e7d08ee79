//! What a value or a column's name looks like. A value counts as a whole, never a part of it: an order's number must not
//! pass for a phone number, even if that means to miss one written in an unusual way.

use std::fmt;
use std::net::IpAddr;

use email_address::{EmailAddress, Options};
use iban::Iban;

/// What personal data can be told by its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    Email,
    Ip,
    Iban,
    Card,
    Phone,
}

impl Look {
    /// The share of a column's values that must look so. What has check digits, or a form of its own, is rarely something
    /// else; one in ten numbers passes for that of a card.
    pub fn share_needed(self) -> f64 {
        match self {
            Look::Email | Look::Iban => 0.01,
            Look::Ip | Look::Phone => 0.2,
            Look::Card => 0.5,
        }
    }

    /// Whether whole numbers can be this.
    pub fn fits_numbers(self) -> bool {
        matches!(self, Look::Card | Look::Phone)
    }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Look::Email => "e-mail address",
            Look::Ip => "IP address",
            Look::Iban => "IBAN",
            Look::Card => "card number",
            Look::Phone => "phone number",
        })
    }
}

/// What the value looks like, if like anything.
pub fn of_value(value: &str) -> Option<Look> {
    match value.trim() {
        value if is_email(value) => Some(Look::Email),
        value if is_ip(value) => Some(Look::Ip),
        value if is_iban(value) => Some(Look::Iban),
        value if is_card(value) => Some(Look::Card),
        value if is_phone(value) => Some(Look::Phone),
        _ => None,
    }
}

/// What a column of this name should hold. The word that says so ends the name, up to words such as `address` or
/// `number`: `customer_email` and `PhoneNumber1` do, `email_verified_at` doesn't.
pub fn of_name(name: &str) -> Option<Look> {
    let mut words = words(name);
    let mut numbered = false;
    while let Some(last) = words.last()
        && TAILS.contains(&last.as_str())
    {
        numbered |= !matches!(last.as_str(), "address" | "addr");
        words.pop();
    }
    let before = words.len().checked_sub(2).map_or("", |at| words[at].as_str());
    if matches!(before, "is" | "has") {
        return None;
    }
    match words.last()?.as_str() {
        "email" | "mail" | "emails" | "mails" | "emailaddress" | "mailaddress" => Some(Look::Email),
        "ip" | "ips" | "ipv" | "ipaddress" | "ipaddr" => Some(Look::Ip),
        "iban" | "ibans" => Some(Look::Iban),
        "phone" | "phones" | "telephone" | "mobile" | "cellphone" | "tel" | "fax" | "msisdn" | "phonenumber" => {
            Some(Look::Phone)
        }
        "pan" | "creditcard" | "cardnumber" | "ccnumber" => Some(Look::Card),
        "card" | "cc" if numbered => Some(Look::Card),
        "card" if matches!(before, "credit" | "debit" | "payment") => Some(Look::Card),
        _ => None,
    }
}

/// Words that may follow the one that says what a column holds.
const TAILS: [&str; 10] = ["address", "addr", "number", "num", "no", "nr", "raw", "text", "value", "pan"];

/// The words of a name in lower case: parted by anything but letters, and where lower case turns to upper.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for character in name.chars() {
        let begins = !character.is_alphabetic() || after_lower && character.is_uppercase();
        after_lower = character.is_lowercase();
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphabetic()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_email(value: &str) -> bool {
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    let Ok(address) = EmailAddress::parse_with_options(value, options) else { return false };
    // `package@1.2.3` has no top-level domain.
    let top = address.domain().rsplit('.').next().unwrap_or_default();
    top.len() >= 2 && top.chars().all(char::is_alphabetic) || top.starts_with("xn--")
}

/// An address, or a network as PostgreSQL's `inet` shows it.
fn is_ip(value: &str) -> bool {
    let (address, length) = value.split_once('/').map_or((value, None), |(address, length)| (address, Some(length)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let bits = if address.is_ipv4() { 32 } else { 128 };
    length.is_none_or(|length| length.parse::<u8>().is_ok_and(|length| length <= bits))
}

fn is_iban(value: &str) -> bool {
    value.parse::<Iban>().is_ok()
}

/// The digits of a value in which only `separators` stand between them.
fn digits(value: &str, separators: &str) -> Option<Vec<u8>> {
    let known = |c: char| c.is_ascii_digit() || separators.contains(c);
    let ends_in_digits =
        value.starts_with(|c: char| c.is_ascii_digit()) && value.ends_with(|c: char| c.is_ascii_digit());
    (ends_in_digits && value.chars().all(known))
        .then(|| value.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect())
}

/// A number that the issuers of cards give out, with a check digit that is right, in one piece or in groups.
fn is_card(value: &str) -> bool {
    let groups: Vec<&str> = value.split([' ', '-']).collect();
    // Groups of four, the last one of what is left; American Express parts 4, 6 and 5 digits.
    let usual = groups.split_last().is_some_and(|(last, first)| {
        first.iter().all(|group| group.len() == 4) && (1..=4).contains(&last.len())
            || matches!(groups.as_slice(), [a, b, c] if (a.len(), b.len(), c.len()) == (4, 6, 5))
    });
    (groups.len() == 1 || usual) && digits(value, " -").is_some_and(|digits| is_issued(&digits) && is_luhn(&digits))
}

/// Whether an issuer of cards has numbers that begin so, and of this length (ISO/IEC 7812).
fn is_issued(digits: &[u8]) -> bool {
    let prefix = |count: usize| digits.iter().take(count).fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    match digits.len() {
        13 => prefix(1) == 4,
        14 => matches!(prefix(3), 300..=305) || matches!(prefix(2), 36 | 38 | 39),
        15 => matches!(prefix(2), 34 | 37),
        16 | 19 => {
            prefix(1) == 4
                || matches!(prefix(2), 51..=55 | 62 | 65)
                || matches!(prefix(3), 644..=649)
                || matches!(prefix(4), 2221..=2720 | 3528..=3589 | 6011)
        }
        _ => false,
    }
}

/// The check that Luhn devised: every second digit from the right counts twice.
fn is_luhn(digits: &[u8]) -> bool {
    let twice = |digit: u8| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let weighed = digits.iter().rev().enumerate().map(|(at, &digit)| if at % 2 == 1 { twice(digit) } else { digit });
    weighed.map(u32::from).sum::<u32>() % 10 == 0
}

/// A number in international form, or in one of two national forms that nothing else has: North America's
/// `(212) 555-0123`, and groups behind a 0 parted by blanks or a slash.
fn is_phone(value: &str) -> bool {
    if let Some(international) = value.strip_prefix('+') {
        let plain: String = international.chars().filter(|c| !matches!(c, '(' | ')')).collect();
        let well_parted = !plain.contains("  ") && !plain.contains("--");
        return well_parted
            && digits(&plain, " -./").is_some_and(|digits| (8..=15).contains(&digits.len()) && digits[0] != 0);
    }
    is_north_american(value) || is_behind_zero(value)
}

fn is_north_american(value: &str) -> bool {
    let Some((area, rest)) = value.strip_prefix('(').and_then(|inner| inner.split_once(')')).or_else(|| {
        let area = value.get(..3)?;
        value[3..].starts_with(['-', '.', ' ']).then(|| (area, &value[3..]))
    }) else {
        return false;
    };
    let rest = rest.strip_prefix(['-', '.', ' ']).unwrap_or(rest);
    let Some((exchange, line)) = rest.split_once(['-', '.', ' ']) else { return false };
    let number = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let no_trunk = |text: &str| !text.starts_with(['0', '1']);
    number(area, 3) && number(exchange, 3) && number(line, 4) && no_trunk(area) && no_trunk(exchange)
}

fn is_behind_zero(value: &str) -> bool {
    let groups: Vec<&str> = value.split([' ', '/']).collect();
    let Some(digits) = digits(value, " /") else { return false };
    (2..=5).contains(&groups.len())
        && groups.iter().all(|group| group.len() >= 2)
        && (9..=11).contains(&digits.len())
        && digits[0] == 0
        && digits[1] != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_look(look: Option<Look>, values: &[&str]) {
        for value in values {
            assert_eq!(of_value(value), look, "{value}");
        }
    }

    #[test]
    fn addresses_are_told() {
        all_look(Some(Look::Email), &["ana@example.com", "a.b+c@mail.example.co.uk", " ana@example.com "]);
        all_look(Some(Look::Ip), &["10.1.2.3", "2001:db8::1", "10.0.0.0/8", "::ffff:10.0.0.1"]);
        all_look(None, &["@ana", "ana@", "lodash@4.17.21", "Ana <ana@example.com>", "write to ana@example.com", "a@b"]);
        all_look(None, &["1.2.3", "10.1.2.3.4", "10.0.0.0/33", "12:34:56", "00:1a:2b:3c:4d:5e", "256.1.1.1"]);
    }

    #[test]
    fn ibans_have_check_digits() {
        all_look(Some(Look::Iban), &["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32"]);
        all_look(None, &["DE88370400440532013000", "DE8937040044053201300", "XX89370400440532013000"]);
    }

    #[test]
    fn card_numbers_have_an_issuer_and_a_check_digit() {
        all_look(
            Some(Look::Card),
            &["4111111111111111", "4111 1111 1111 1111", "5500-0000-0000-0004", "378282246310005", "3782 822463 10005"],
        );
        all_look(
            None,
            &["4111111111111112", "1111111111111117", "41111 11111 11111 1", "20240131123456", "4000000000000"],
        );
    }

    #[test]
    fn phone_numbers_are_told_from_other_numbers() {
        all_look(
            Some(Look::Phone),
            &["+34 612 345 678", "+34612345678", "+1 (212) 555-0123", "(212) 555-0123", "212-555-0123", "030 1234567"],
        );
        all_look(Some(Look::Phone), &["01 23 45 67 89", "0664/1234567", "212.555.0123"]);
        let others = [
            "20240131",
            "2024-01-31",
            "01/02/2024",
            "1234567890",
            "0000012345",
            "ORD-2024-000123",
            "2024-000-1234",
            "123-45-6789",
            "100-000-0001",
            "12 34 56",
            "978-3-16-148410-0",
            "0.123456789",
            "+5",
            "2024-01-31 10:20:30",
            "550e8400-e29b-41d4-a716-446655440000",
            "0034612345678",
            "012-345-6789",
            "é12-555-0123",
            "",
        ];
        all_look(None, &others);
    }

    #[test]
    fn names_say_what_a_column_holds() {
        for (name, look) in [
            ("email", Some(Look::Email)),
            ("customer_email_address", Some(Look::Email)),
            ("contactEMail", Some(Look::Email)),
            ("mail2", Some(Look::Email)),
            ("client_ip", Some(Look::Ip)),
            ("ipv4", Some(Look::Ip)),
            ("PhoneNumber1", Some(Look::Phone)),
            ("mobile_no", Some(Look::Phone)),
            ("card_number", Some(Look::Card)),
            ("credit_card", Some(Look::Card)),
            ("iban", Some(Look::Iban)),
            ("email_verified_at", None),
            ("email_count", None),
            ("is_mobile", None),
            ("discard", None),
            ("card", None),
            ("order_number", None),
            ("address", None),
            ("shipping", None),
            ("number", None),
        ] {
            assert_eq!(of_name(name), look, "{name}");
        }
    }
}

//! The time zone abbreviations that PostgreSQL knows by default (its set "Default").

/// What an abbreviation stands for; offsets are in seconds east of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    Standard(i32),
    Daylight(i32),
    /// What it stands for has changed over time: as the zone used it then.
    InZone(&'static str),
}

use Abbreviation::{Daylight, InZone, Standard};

/// By a name in lower case.
pub(super) fn find(name: &[u8]) -> Option<Abbreviation> {
    let at = ABBREVIATIONS.binary_search_by(|(known, _)| known.as_bytes().cmp(name)).ok()?;
    ABBREVIATIONS.get(at).map(|(_, meaning)| *meaning)
}

#[rustfmt::skip]
const ABBREVIATIONS: [(&str, Abbreviation); 195] = [
    ("acdt", Daylight(37_800)), ("acsst", Daylight(37_800)), ("acst", Standard(34_200)), ("act", Standard(-18_000)),
    ("acwst", Standard(31_500)), ("adt", Daylight(-10_800)), ("aedt", Daylight(39_600)), ("aesst", Daylight(39_600)),
    ("aest", Standard(36_000)), ("aft", Standard(16_200)), ("akdt", Daylight(-28_800)), ("akst", Standard(-32_400)),
    ("almst", Daylight(25_200)), ("almt", Standard(21_600)), ("amst", InZone("Asia/Yerevan")),
    ("amt", Standard(-14_400)), ("anast", InZone("Asia/Anadyr")), ("anat", InZone("Asia/Anadyr")),
    ("arst", InZone("America/Argentina/Buenos_Aires")), ("art", InZone("America/Argentina/Buenos_Aires")),
    ("ast", Standard(-14_400)), ("awsst", Daylight(32_400)), ("awst", Standard(28_800)), ("azost", Daylight(0)),
    ("azot", Standard(-3_600)), ("azst", InZone("Asia/Baku")), ("azt", InZone("Asia/Baku")),
    ("bdst", Daylight(7_200)), ("bdt", Standard(21_600)), ("bnt", Standard(28_800)), ("bort", Standard(28_800)),
    ("bot", Standard(-14_400)), ("bra", Standard(-10_800)), ("brst", Daylight(-7_200)), ("brt", Standard(-10_800)),
    ("bst", Daylight(3_600)), ("btt", Standard(21_600)), ("cadt", Daylight(37_800)), ("cast", Standard(34_200)),
    ("cct", Standard(28_800)), ("cdt", Daylight(-18_000)), ("cest", Daylight(7_200)), ("cet", Standard(3_600)),
    ("cetdst", Daylight(7_200)), ("chadt", Daylight(49_500)), ("chast", Standard(45_900)), ("chut", Standard(36_000)),
    ("ckt", InZone("Pacific/Rarotonga")), ("clst", Daylight(-10_800)), ("clt", InZone("America/Santiago")),
    ("cot", Standard(-18_000)), ("cst", Standard(-21_600)), ("cxt", Standard(25_200)),
    ("davt", InZone("Antarctica/Davis")), ("ddut", Standard(36_000)), ("easst", InZone("Pacific/Easter")),
    ("east", InZone("Pacific/Easter")), ("eat", Standard(10_800)), ("edt", Daylight(-14_400)),
    ("eest", Daylight(10_800)), ("eet", Standard(7_200)), ("eetdst", Daylight(10_800)), ("egst", Daylight(0)),
    ("egt", Standard(-3_600)), ("est", Standard(-18_000)), ("fet", Standard(10_800)), ("fjst", Daylight(46_800)),
    ("fjt", Standard(43_200)), ("fkst", InZone("Atlantic/Stanley")), ("fkt", InZone("Atlantic/Stanley")),
    ("fnst", Daylight(-3_600)), ("fnt", Standard(-7_200)), ("galt", Standard(-21_600)), ("gamt", Standard(-32_400)),
    ("gest", InZone("Asia/Tbilisi")), ("get", InZone("Asia/Tbilisi")), ("gft", Standard(-10_800)),
    ("gilt", Standard(43_200)), ("gmt", Standard(0)), ("gyt", InZone("America/Guyana")), ("hkt", Standard(28_800)),
    ("hst", Standard(-36_000)), ("ict", Standard(25_200)), ("idt", Daylight(10_800)),
    ("iot", InZone("Indian/Chagos")), ("irkst", InZone("Asia/Irkutsk")), ("irkt", InZone("Asia/Irkutsk")),
    ("irt", Standard(12_600)), ("ist", Standard(7_200)), ("jayt", Standard(32_400)), ("jst", Standard(32_400)),
    ("kdt", Daylight(36_000)), ("kgst", Daylight(21_600)), ("kgt", InZone("Asia/Bishkek")),
    ("kost", InZone("Pacific/Kosrae")), ("krast", InZone("Asia/Krasnoyarsk")), ("krat", InZone("Asia/Krasnoyarsk")),
    ("kst", Standard(32_400)), ("lhdt", InZone("Australia/Lord_Howe")), ("lhst", Standard(37_800)),
    ("ligt", Standard(36_000)), ("lint", InZone("Pacific/Kiritimati")), ("lkt", InZone("Asia/Colombo")),
    ("magst", InZone("Asia/Magadan")), ("magt", InZone("Asia/Magadan")), ("mart", Standard(-34_200)),
    ("mawt", InZone("Antarctica/Mawson")), ("mdt", Daylight(-21_600)), ("mest", Daylight(7_200)),
    ("mesz", Daylight(7_200)), ("met", Standard(3_600)), ("metdst", Daylight(7_200)), ("mez", Standard(3_600)),
    ("mht", Standard(43_200)), ("mmt", Standard(23_400)), ("mpt", Standard(36_000)), ("msd", Daylight(14_400)),
    ("msk", InZone("Europe/Moscow")), ("mst", Standard(-25_200)), ("must", Daylight(18_000)),
    ("mut", Standard(14_400)), ("mvt", Standard(18_000)), ("myt", Standard(28_800)), ("ndt", Daylight(-9_000)),
    ("nft", Standard(-12_600)), ("novst", InZone("Asia/Novosibirsk")), ("novt", InZone("Asia/Novosibirsk")),
    ("npt", Standard(20_700)), ("nst", Standard(-12_600)), ("nut", InZone("Pacific/Niue")),
    ("nzdt", Daylight(46_800)), ("nzst", Standard(43_200)), ("nzt", Standard(43_200)), ("omsst", InZone("Asia/Omsk")),
    ("omst", InZone("Asia/Omsk")), ("pdt", Daylight(-25_200)), ("pet", Standard(-18_000)),
    ("petst", InZone("Asia/Kamchatka")), ("pett", InZone("Asia/Kamchatka")), ("pgt", Standard(36_000)),
    ("pht", Standard(28_800)), ("pkst", Daylight(21_600)), ("pkt", Standard(18_000)), ("pmdt", Daylight(-7_200)),
    ("pmst", Standard(-10_800)), ("pont", Standard(39_600)), ("pst", Standard(-28_800)), ("pwt", Standard(32_400)),
    ("pyst", Daylight(-10_800)), ("pyt", InZone("America/Asuncion")), ("ret", Standard(14_400)),
    ("sadt", Daylight(37_800)), ("sast", Standard(7_200)), ("sct", Standard(14_400)),
    ("sgt", InZone("Asia/Singapore")), ("taht", Standard(-36_000)), ("tft", Standard(18_000)),
    ("tjt", Standard(18_000)), ("tkt", InZone("Pacific/Fakaofo")), ("tmt", InZone("Asia/Ashgabat")),
    ("tot", Standard(46_800)), ("trut", Standard(36_000)), ("tvt", Standard(43_200)), ("uct", Standard(0)),
    ("ulast", Daylight(32_400)), ("ulat", InZone("Asia/Ulaanbaatar")), ("ut", Standard(0)), ("utc", Standard(0)),
    ("uyst", Daylight(-7_200)), ("uyt", Standard(-10_800)), ("uzst", Daylight(21_600)), ("uzt", Standard(18_000)),
    ("vet", InZone("America/Caracas")), ("vlast", InZone("Asia/Vladivostok")), ("vlat", InZone("Asia/Vladivostok")),
    ("volt", InZone("Europe/Volgograd")), ("vut", Standard(39_600)), ("wadt", Daylight(28_800)),
    ("wakt", Standard(43_200)), ("wast", Standard(25_200)), ("wat", Standard(3_600)), ("wdt", Daylight(32_400)),
    ("wet", Standard(0)), ("wetdst", Daylight(3_600)), ("wft", Standard(43_200)), ("wgst", Daylight(-7_200)),
    ("wgt", Standard(-10_800)), ("xjt", Standard(21_600)), ("yakst", InZone("Asia/Yakutsk")),
    ("yakt", InZone("Asia/Yakutsk")), ("yapt", Standard(36_000)), ("yekst", Daylight(21_600)),
    ("yekt", InZone("Asia/Yekaterinburg")), ("z", Standard(0)), ("zulu", Standard(0)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted() {
        assert!(ABBREVIATIONS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(find(b"cest"), Some(Daylight(7_200)));
        assert_eq!(find(b"msk"), Some(InZone("Europe/Moscow")));
        assert_eq!(find(b"europe"), None);
    }
}

//! Strings, bytes, types that Arrow keeps as strings, and the encodings that Arrow has for them.

use super::*;

#[test]
fn strings_and_bytes() {
    let _server = postgres();
    let special = ["", "NULL", " ", "a"].map(str::to_owned);
    let texts = mixed(&special, any_text);
    let utf8: ArrayRef = Arc::new(StringArray::from(texts.clone()));
    check("text", "text", "textsend", plain(DataType::Utf8), utf8.clone());
    check("text_slice", "text", "textsend", plain(DataType::Utf8), utf8.slice(7, 500));
    check(
        "text_large",
        "text",
        "textsend",
        plain(DataType::LargeUtf8),
        Arc::new(LargeStringArray::from(texts.clone())),
    );
    let views = StringViewArray::from_iter(texts.iter().map(Option::as_deref));
    check("text_view", "text", "textsend", plain(DataType::Utf8View), Arc::new(views));
    check("varchar", "varchar(60)", "varcharsend", marked(DataType::Utf8, "varchar", 64), utf8);
    let short = texts.iter().map(|text| text.as_ref().map(|text| text.trim_end_matches(' ').to_owned()));
    let short: ArrayRef = Arc::new(StringArray::from_iter(short));
    check("bpchar", "char(45)", "bpcharsend", marked(DataType::Utf8, "bpchar", 49), short);
    let bytes = mixed(&[vec![], vec![0], vec![255, 92]], |random| {
        (0..random.below(60)).map(|_| random.next() as u8).collect::<Vec<u8>>()
    });
    let slices: Vec<Option<&[u8]>> = bytes.iter().map(Option::as_deref).collect();
    check("bytea", "bytea", "byteasend", plain(DataType::Binary), Arc::new(BinaryArray::from(slices.clone())));
    let views = BinaryViewArray::from_iter(slices);
    check("bytea_view", "bytea", "byteasend", plain(DataType::BinaryView), Arc::new(views));
}

#[test]
fn types_kept_as_strings() {
    let _server = postgres();
    let hex_digits =
        |random: &mut Random, len: u64| (0..len).map(|_| format!("{:x}", random.below(16))).collect::<String>();
    let uuids = mixed(&[], |random| [8, 4, 4, 4, 12].map(|len| hex_digits(random, len)).join("-"));
    let strings = |values: Vec<Option<String>>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    check("uuid", "uuid", "uuid_send", marked(DataType::Utf8, "uuid", -1), strings(uuids));
    let fixed = mixed(&[[0_u8; 16], [255; 16]], |random| std::array::from_fn(|_| random.next() as u8));
    let fixed = FixedSizeBinaryArray::try_from_sparse_iter_with_size(fixed.into_iter(), 16).unwrap();
    check("uuid_bytes", "uuid", "uuid_send", marked(DataType::FixedSizeBinary(16), "uuid", -1), Arc::new(fixed));
    let documents =
        || mixed(&["null".to_owned(), "{\"a\": [1, \"x\"]}".to_owned()], |random| format!("[{}]", random.any_width()));
    check("json", "json", "json_send", marked(DataType::Utf8, "json", -1), strings(documents()));
    check("jsonb", "jsonb", "jsonb_send", marked(DataType::Utf8, "jsonb", -1), strings(documents()));
    let addresses =
        mixed(&["::1/128", "fe80::1:2/64"].map(|text| text.trim_end_matches("/128").to_owned()), |random| {
            let address: std::net::IpAddr = std::net::Ipv4Addr::from(random.next() as u32).into();
            match random.below(33) {
                32 => address.to_string(),
                bits => format!("{address}/{bits}"),
            }
        });
    check("inet", "inet", "inet_send", marked(DataType::Utf8, "inet", -1), strings(addresses));
    let macs = mixed(&[], |random| (0..6).map(|_| hex_digits(random, 2)).collect::<Vec<_>>().join(":"));
    check("macaddr", "macaddr", "macaddr_send", marked(DataType::Utf8, "macaddr", -1), strings(macs));
    let bits = || {
        mixed(&["1".to_owned()], |random| {
            (0..random.below(30)).map(|_| if random.below(2) == 0 { '0' } else { '1' }).collect()
        })
    };
    check("varbit", "varbit", "varbit_send", marked(DataType::Utf8, "varbit", -1), strings(bits()));
    let times = mixed(&["24:00:00+00".to_owned(), "10:11:12.5-03:30".to_owned()], |random| {
        format!("{:02}:{:02}:{:02}+{:02}", random.below(24), random.below(60), random.below(60), random.below(15))
    });
    check("timetz", "timetz", "timetz_send", marked(DataType::Utf8, "timetz", -1), strings(times));
    let letters =
        mixed(&["r".to_owned()], |random| char::from(b'!' + random.below(90) as u8).to_string().replace('\\', "x"));
    check("char", "\"char\"", "charsend", marked(DataType::Utf8, "char", -1), strings(letters.clone()));
    check("name", "name", "namesend", marked(DataType::Utf8, "name", -1), strings(letters));
}

#[test]
fn encodings_of_arrow() {
    let _server = postgres();
    let keys = Int16Array::from(mixed(&[0, 1, 2, 3], |random| random.below(4) as i16));
    let values: ArrayRef =
        Arc::new(StringArray::from(vec![Some("a"), None, Some("longer than twelve bytes"), Some("")]));
    let dictionary = DictionaryArray::new(keys, values.clone());
    let field = plain(dictionary.data_type().clone());
    check("dictionary", "text", "textsend", field, Arc::new(dictionary));
    let runs = RunArray::<Int32Type>::try_new(&Int32Array::from(vec![3, 4, 10, 11]), &values).unwrap();
    let runs: ArrayRef = Arc::new(runs);
    check("runs", "text", "textsend", plain(runs.data_type().clone()), runs.clone());
    check("runs_slice", "text", "textsend", plain(runs.data_type().clone()), runs.slice(2, 7));
    check("nulls", "text", "textsend", plain(DataType::Null), Arc::new(NullArray::new(5)));
}

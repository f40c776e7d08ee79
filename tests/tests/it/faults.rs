//! What goes wrong outside: sources that are down, slow or cut off, damaged files, mistyped configurations. The error says
//! which part it was, and everything else keeps working.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use weir_tests::flights::{copy_tree, data};
use weir_tests::postgres::Postgres;
use weir_tests::proxy::Proxy;
use weir_tests::run::wait_for;
use weir_tests::weir::{Setup, Weir};

const SOON: Duration = Duration::from_secs(40);

/// A server over a PostgreSQL behind a proxy, and over the lake.
struct Mesh {
    weir: Weir,
    proxy: Proxy,
    _postgres: Postgres,
}

fn all_for_eva() -> Setup {
    Setup::new().user("eva", "", &["chief"]).policy("policy.csv", "p, role:chief, *.*, select")
}

pub fn delta(root: &Path) -> String {
    format!("kind = \"delta\"\nroot = \"{}\"", root.display())
}

fn avro(root: &Path) -> String {
    format!("kind = \"avro\"\nroot = \"{}\"", root.display())
}

fn mesh(prepare: impl FnOnce(&Proxy)) -> Mesh {
    let postgres = Postgres::start();
    let shop = postgres.psql("postgres");
    shop.expect("CREATE TABLE numbers AS SELECT i AS n, repeat('x', 200) AS pad FROM generate_series(1, 300000) i");
    let proxy = Proxy::to(postgres.port());
    prepare(&proxy);
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", proxy.port());
    let weir = all_for_eva()
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{url}\""))
        .source("lake", &delta(&data().join("lake")))
        .server("catalog_refresh = \"1s\"")
        .start();
    Mesh { weir, proxy, _postgres: postgres }
}

const SHOP: &str = "SELECT count(*) FROM shop.numbers WHERE pad LIKE 'x%'";
const LAKE: &str = "SELECT count(*) FROM lake.flights";

#[test]
fn a_source_that_goes_down_is_named_and_the_others_work() {
    let Mesh { weir, proxy, .. } = &mesh(|_| {});
    let eva = weir.psql("eva");
    assert_eq!(eva.expect(SHOP), "300000");
    proxy.refuse(true);
    proxy.cut();
    let down = eva.fails(SHOP);
    assert_eq!(down.sqlstate.as_deref(), Some("08001"), "{}", down.stderr);
    assert!(down.message.contains("\"shop\""), "{}", down.stderr);
    assert_eq!(eva.expect(LAKE), "336776");
    proxy.refuse(false);
    wait_for("shop to be back", SOON, || eva.rows(SHOP).ok());
}

#[test]
fn a_source_that_is_down_at_the_start_holds_nothing_back() {
    let Mesh { weir, proxy, .. } = &mesh(|proxy| proxy.refuse(true));
    let eva = weir.psql("eva");
    assert_eq!(eva.expect(LAKE), "336776");
    let down = eva.fails(SHOP);
    assert!(matches!(down.sqlstate.as_deref(), Some("08001" | "42P01")), "{}", down.stderr);
    proxy.refuse(false);
    assert_eq!(wait_for("shop to appear", SOON, || eva.rows(SHOP).ok()), "300000");
}

#[test]
fn a_source_that_breaks_off_is_an_error_and_no_short_result() {
    let Mesh { weir, proxy, .. } = &mesh(|_| {});
    let eva = weir.psql("eva");
    assert_eq!(eva.expect("SELECT count(*) FROM shop.numbers"), "300000");
    proxy.slow(4 << 20);
    let before = proxy.passed_bytes();
    let broken = std::thread::scope(|scope| {
        let reading = scope
            .spawn(|| eva.fails("SELECT sum(length(pad)), max(n) FROM (SELECT * FROM shop.numbers) t WHERE n > 0"));
        wait_for("some rows", SOON, || (proxy.passed_bytes() > before + (2 << 20)).then_some(()));
        proxy.cut();
        reading.join().expect("the statement fails")
    });
    assert!(matches!(broken.sqlstate.as_deref(), Some("08006" | "08001")), "{}", broken.stderr);
    assert!(broken.message.contains("\"shop\""), "{}", broken.stderr);
    assert_eq!(eva.expect(LAKE), "336776");
}

#[test]
fn a_source_that_stalls_is_left_by_the_timeout() {
    let Mesh { weir, proxy, .. } = &mesh(|_| {});
    let eva = weir.psql("eva").options("-c statement_timeout=700ms");
    assert_eq!(weir.psql("eva").expect(SHOP), "300000");
    proxy.stall(true);
    assert_eq!(eva.fails(SHOP).sqlstate.as_deref(), Some("57014"));
    assert_eq!(weir.psql("eva").expect(LAKE), "336776");
    proxy.stall(false);
    wait_for("shop to go on", SOON, || eva.rows("SELECT 1 FROM shop.numbers LIMIT 1").ok());
}

/// A copy of one of the flights mesh's folders, to be damaged.
fn copy(name: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    copy_tree(&data().join(name), folder.path());
    let root = folder.path().join(name);
    (folder, root)
}

/// Overwrites bytes around the file's middle.
fn damage(path: &Path) {
    let file = fs::OpenOptions::new().write(true).open(path).expect("a file to damage");
    // A third of the file, so that no reader of any column can miss it; the footer stays whole.
    let third = file.metadata().expect("its size").len() / 3;
    let noise = vec![0xa5; usize::try_from(third).expect("a small file")];
    file.write_all_at(&noise, third).expect("written");
}

#[test]
fn a_damaged_avro_file_is_named_and_other_days_are_read() {
    let (_folder, root) = copy("history");
    let day = root.join("weather/2013/05/05/weather.avro");
    let weir = all_for_eva().source("history", &avro(&root)).start();
    let eva = weir.psql("eva");
    let next_day = "SELECT count(*), sum(precip) FROM history.weather WHERE _date = DATE '2013-05-06'";
    let whole = eva.expect(next_day);
    damage(&day);
    let broken = eva.fails("SELECT count(*), max(temp) FROM history.weather WHERE _date = DATE '2013-05-05'");
    assert_eq!(broken.sqlstate.as_deref(), Some("XX001"), "{}", broken.stderr);
    assert!(broken.message.contains("2013/05/05/weather.avro"), "{}", broken.stderr);
    assert!(broken.message.contains("byte "), "the place in it: {}", broken.stderr);
    assert_eq!(eva.expect(next_day), whole);
    assert_eq!(eva.fails("SELECT sum(precip) FROM history.weather").sqlstate.as_deref(), Some("XX001"));
    // Cut off in a block.
    let length = fs::metadata(&day).expect("its size").len();
    fs::copy(data().join("history/weather/2013/05/05/weather.avro"), &day).expect("mended");
    fs::File::options().write(true).open(&day).expect("the file").set_len(length - 20).expect("cut");
    let broken = eva.fails("SELECT count(*), max(temp) FROM history.weather WHERE _date = DATE '2013-05-05'");
    assert_eq!(broken.sqlstate.as_deref(), Some("XX001"), "{}", broken.stderr);
    assert!(broken.message.contains("2013/05/05/weather.avro"), "{}", broken.stderr);
}

#[test]
fn a_damaged_parquet_file_is_named_and_other_partitions_are_read() {
    let (_folder, root) = copy("lake");
    let month = fs::read_dir(root.join("flights/month=5")).expect("a partition");
    let file =
        month.flatten().map(|e| e.path()).find(|p| p.extension().is_some_and(|e| e == "parquet")).expect("a file");
    let weir = all_for_eva().source("lake", &delta(&root)).start();
    let eva = weir.psql("eva");
    let next_month = "SELECT count(*), sum(distance) FROM lake.flights WHERE month = 6 AND minute >= 0";
    let whole = eva.expect(next_month);
    damage(&file);
    let every_column =
        "count(dep_time), sum(distance), max(tailnum), max(dest), max(time_hour), max(arr_delay), max(air_time)";
    let broken = eva.fails(&format!("SELECT {every_column} FROM lake.flights WHERE month = 5 AND minute >= 0"));
    assert_eq!(broken.sqlstate.as_deref(), Some("XX001"), "{}", broken.stderr);
    let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
    assert!(broken.message.contains(name), "{}", broken.stderr);
    assert_eq!(eva.expect(next_month), whole);
}

#[test]
fn a_mistyped_configuration_names_file_line_and_what_was_expected() {
    let lake = data().join("lake");
    let setup = || all_for_eva().source("lake", &delta(&lake));
    for (setup, line, named) in [
        (setup().server("lisen = \"127.0.0.1:1\""), 4, "listen"),
        (setup().server("catalog_refresh = 10"), 4, "string"),
        (setup().table("[limit]\nconnections = 2"), 0, "limits"),
        (setup().source("shop", "kind = \"postgre\"\nurl = \"postgres://x\""), 0, "\"postgres\""),
        (setup().source("shop", "kind = \"postgres\"\nur = \"postgres://x\""), 0, "url"),
        (setup().source("shop", "kind = \"postgres\"\nurl = \"postgres://a@b/c\"\nconnections = 0"), 0, "shop"),
        (setup().server("this is no toml"), 4, "expected"),
    ] {
        let at = if line == 0 { "weir.toml:".to_owned() } else { format!("weir.toml:{line}:") };
        let (status, text) = setup.clone().check();
        assert!(!status.success(), "check accepts it");
        assert!(text.contains(&at) && text.contains(named) && !text.contains("panicked"), "{named}: {text}");
        let (status, log) = setup.try_start().err().unwrap_or_else(|| panic!("weir starts without {named}"));
        assert!(!status.success());
        assert!(log.contains(&at) && log.contains(named) && !log.contains("panicked"), "{named}: {log}");
    }
}

#[test]
fn a_check_lists_what_it_found() {
    let good =
        all_for_eva().source("lake", &delta(&data().join("lake"))).source("history", &avro(&data().join("history")));
    let (status, text) = good.clone().check();
    assert!(status.success(), "{text}");
    assert!(text.contains("lake.flights") && text.contains("history.weather"), "{text}");
    let (status, text) = good.clone().table("[audit]\npath = \"no/such/folder/audit.jsonl\"").check();
    assert!(!status.success() && text.contains("no/such/folder/audit.jsonl"), "{text}");
    let nowhere = good.source("shop", "kind = \"postgres\"\nurl = \"postgres://weir@127.0.0.1:1/shop\"");
    let (status, text) = nowhere.check();
    assert!(!status.success(), "a source that can't be reached fails the check: {text}");
    assert!(text.contains("shop") && text.contains("lake.flights"), "{text}");
}

#[test]
fn commands_explain_themselves() {
    for command in ["serve", "check", "password", "demo"] {
        let output = std::process::Command::new(weir_tests::weir::binary()).args([command, "--help"]).output();
        let output = output.expect("weir can be run");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && text.to_lowercase().contains("example"), "{command} --help:\n{text}");
    }
}

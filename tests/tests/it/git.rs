//! Policies in a repository elsewhere, whose branch the server follows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use weir_tests::certificates;
use weir_tests::flights;
use weir_tests::git_host::GitHost;
use weir_tests::run::{self, wait_for};
use weir_tests::weir::{Setup, Weir};

const SOON: Duration = Duration::from_secs(20);
/// Several looks at the repository.
const A_WHILE: Duration = Duration::from_secs(2);

const GRANT: &str = "p, role:clerk, lake.flights, select\n";

/// The repository that the house pushes its policies to, with the keys of those who may sign.
struct Origin {
    folder: TempDir,
    setup: Setup,
}

impl Origin {
    /// With a clerk who may see nothing yet, in the folder `rules` of the branch `live`.
    fn new() -> Self {
        let root = flights::data().join("lake");
        let setup = Setup::new().source("lake", &format!("kind = \"delta\"\nroot = \"{}\"", root.display())).user(
            "bob",
            "",
            &["clerk"],
        );
        let folder = tempfile::Builder::new().prefix("weir-git-").tempdir().expect("a folder");
        let origin = Self { folder, setup };
        fs::create_dir(origin.work_tree()).expect("a folder");
        origin.git(&["init", "--quiet", "--initial-branch=live", "."]);
        for (key, value) in [("user.name", "house"), ("user.email", "house@example.com"), ("gpg.format", "ssh")] {
            origin.git(&["config", key, value]);
        }
        origin.make_key("listed");
        origin.make_key("other");
        let listed = fs::read_to_string(origin.key("listed.pub")).expect("a public key");
        fs::write(origin.key("signers"), format!("house@example.com {listed}")).expect("a list of signers");
        origin.setup.write_policies(&origin.rules());
        origin
    }

    fn work_tree(&self) -> PathBuf {
        self.folder.path().join("origin")
    }

    fn rules(&self) -> PathBuf {
        self.work_tree().join("rules")
    }

    fn key(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn make_key(&self, name: &str) {
        run::stdout(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(self.key(name)));
    }

    fn git(&self, arguments: &[&str]) -> String {
        run::stdout(Command::new("git").arg("-C").arg(self.work_tree()).args(arguments)).trim().to_owned()
    }

    /// Commits all changes, signed by a key if one is named; gives the commit's hash.
    fn commit(&self, key: Option<&str>) -> String {
        self.git(&["add", "--all"]);
        let signing = match key {
            Some(key) => format!("user.signingkey={}", self.key(key).display()),
            None => "commit.gpgsign=false".to_owned(),
        };
        let signed = if key.is_some() { "--gpg-sign" } else { "--no-gpg-sign" };
        self.git(&["-c", &signing, "commit", "--quiet", "--allow-empty", signed, "--message", "rules"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Writes policy.csv with further lines.
    fn grant(&self, lines: &str) {
        self.setup.write_policies(&self.rules());
        let path = self.rules().join("policy.csv");
        let before = fs::read_to_string(&path).expect("policy.csv");
        fs::write(path, before + lines).expect("policy.csv written");
    }

    fn followed(&self, clone: &Path, further: &str) -> Setup {
        self.followed_at(&self.work_tree().display().to_string(), clone, further)
    }

    fn followed_at(&self, url: &str, clone: &Path, further: &str) -> Setup {
        let clone = clone.display();
        self.setup.clone().policies_from(&format!(
            "git = \"{url}\"\nbranch = \"live\"\npath = \"rules\"\nclone = \"{clone}\"\n{further}",
        ))
    }

    fn signed(&self, clone: &Path) -> Setup {
        self.followed(clone, &format!("signers = \"{}\"", self.key("signers").display()))
    }
}

fn sees(weir: &Weir) -> bool {
    weir.psql("bob").rows("SELECT count(*) FROM lake.flights").is_ok()
}

#[test]
fn a_branch_is_followed() {
    let origin = Origin::new();
    origin.commit(None);
    let clone = origin.folder.path().join("clone.git");
    let weir = origin.followed(&clone, "").start();
    assert!(!sees(&weir));

    origin.grant(GRANT);
    let granted = origin.commit(None);
    wait_for("the grant", SOON, || sees(&weir).then_some(()));
    let audit = weir.folder().join("audit.jsonl");
    let names_commit = || fs::read_to_string(&audit).is_ok_and(|log| log.contains(&granted[..12]));
    wait_for("a record that names the commit", SOON, || names_commit().then_some(()));

    origin.grant("p, role:clerk, lake.no_such_table, select\n");
    origin.commit(None);
    wait_for("the complaint", SOON, || weir.log().contains("no_such_table").then_some(()));
    assert!(sees(&weir), "a broken commit has an effect");
    weir.stop();

    // Neither the repository nor its newest, broken commit is needed for a start.
    fs::rename(origin.work_tree(), origin.folder.path().join("gone")).expect("the repository moved away");
    let weir = origin.followed(&clone, "").start();
    assert!(sees(&weir), "{}", weir.log());
}

#[test]
fn commits_are_signed_by_those_who_may() {
    let origin = Origin::new();
    let first = origin.commit(Some("listed"));
    let clone = origin.folder.path().join("clone.git");
    let weir = origin.signed(&clone).start();
    assert!(!sees(&weir));

    origin.grant(GRANT);
    for key in [None, Some("other")] {
        let commit = origin.commit(key);
        wait_for("the complaint", SOON, || weir.log().contains(&commit).then_some(()));
        assert!(!sees(&weir), "a commit signed by {key:?} has an effect");
    }
    origin.commit(Some("listed"));
    wait_for("the grant", SOON, || sees(&weir).then_some(()));

    // It was signed, but it isn't the newest word.
    origin.git(&["reset", "--quiet", "--hard", &first]);
    wait_for("the complaint", SOON, || weir.log().contains("doesn't descend").then_some(()));
    std::thread::sleep(A_WHILE);
    assert!(sees(&weir), "an older state has an effect");
    weir.stop();
}

#[test]
fn a_repository_is_fetched_over_https() {
    let origin = Origin::new();
    origin.commit(None);
    let (folder, clone) = (origin.folder.path(), origin.folder.path().join("clone.git"));
    certificates::signed(folder, "DNS:localhost");
    let host = GitHost::https(folder, "weir", "let-me/in", folder);
    let at = |scheme: &str, password: &str| {
        let url = format!("{scheme}://weir:{password}@localhost:{}/origin", host.port());
        let authority = origin.key("ca.pem").display().to_string();
        origin.followed_at(&url, &clone, "").variable("SSL_CERT_FILE", &authority)
    };
    // Nothing is sent that others could read, and a wrong password is refused.
    for (scheme, password) in [("http", "let-me%2Fin"), ("https", "let-me%2Fout")] {
        let refused = fails(at(scheme, password));
        assert!(refused.contains(&format!("git fetch from {scheme}://weir@localhost")), "{refused}");
        assert!(!refused.contains("let-me"), "{refused}");
    }
    let weir = at("https", "let-me%2Fin").start();
    assert!(!sees(&weir));
    origin.grant(GRANT);
    origin.commit(None);
    wait_for("the grant", SOON, || sees(&weir).then_some(()));

    drop(host);
    wait_for("the complaint", SOON, || weir.log().contains("git fetch").then_some(()));
    assert!(sees(&weir) && !weir.log().contains("let-me"), "{}", weir.log());
}

#[test]
fn a_repository_is_fetched_over_ssh() {
    let origin = Origin::new();
    origin.commit(None);
    origin.make_key("host");
    let host = GitHost::ssh(origin.folder.path(), "git", &origin.key("listed.pub"), &origin.key("host"));
    let host_key = fs::read_to_string(origin.key("host.pub")).expect("a public key");
    let known_hosts = origin.key("known_hosts");
    fs::write(&known_hosts, format!("[127.0.0.1]:{} {host_key}", host.port())).expect("a list of hosts");
    let clone = origin.folder.path().join("clone.git");
    let with_key = |name: &str| {
        let setup = origin.followed_at(&format!("ssh://git@127.0.0.1:{}/origin", host.port()), &clone, "");
        let (key, known_hosts) = (origin.key(name), known_hosts.display());
        let options = format!("-F none -o BatchMode=yes -o IdentitiesOnly=yes -o UserKnownHostsFile={known_hosts}");
        setup.variable("GIT_SSH_COMMAND", &format!("ssh {options} -i {}", key.display()))
    };
    let refused = fails(with_key("other"));
    assert!(refused.contains("git fetch") && refused.contains("Permission denied"), "{refused}");

    let weir = with_key("listed").start();
    assert!(!sees(&weir));
    origin.grant(GRANT);
    origin.commit(None);
    wait_for("the grant", SOON, || sees(&weir).then_some(()));
}

#[test]
fn a_clone_stays_small() {
    let origin = Origin::new();
    origin.commit(Some("listed"));
    let clone = origin.folder.path().join("clone.git");
    let weir = origin.signed(&clone).start();
    let accepted = || fs::read_to_string(clone.join("refs/weir/accepted")).unwrap_or_default();
    const COMMITS: usize = 60;
    for _ in 0..COMMITS {
        let commit = origin.commit(Some("listed"));
        wait_for("the commit", SOON, || (accepted().trim() == commit).then_some(()));
    }
    let packs = fs::read_dir(clone.join("objects/pack")).expect("the folder of packs").count();
    assert!(packs < COMMITS, "{packs} files of packs");
    run::stdout(Command::new("git").arg("-C").arg(&clone).args(["fsck", "--strict"]));

    origin.grant(GRANT);
    origin.commit(Some("listed"));
    wait_for("the grant", SOON, || sees(&weir).then_some(()));
}

/// The log of a server that doesn't start.
fn fails(setup: Setup) -> String {
    match setup.try_start() {
        Ok(_) => panic!("weir starts"),
        Err((status, log)) => {
            assert!(!status.success() && !log.contains("panicked"), "{log}");
            log
        }
    }
}

#[test]
fn a_repository_that_cannot_be_used_is_named() {
    let origin = Origin::new();
    origin.commit(None);
    let clone = origin.folder.path().join("clone.git");
    let unsigned = fails(origin.signed(&clone));
    assert!(unsigned.contains("carries no signature by a key of"), "{unsigned}");
    let branch = origin.setup.clone().policies_from(&format!(
        "git = \"{}\"\nbranch = \"none\"\nclone = \"{}\"",
        origin.work_tree().display(),
        clone.display()
    ));
    let branch = fails(branch);
    assert!(branch.contains("git fetch") && branch.contains("none"), "{branch}");
    let nowhere = origin.setup.clone().policies_from("git = \"/no/such/repository\"");
    let nowhere = fails(nowhere);
    assert!(nowhere.contains("git fetch") && nowhere.contains("/no/such/repository"), "{nowhere}");
}

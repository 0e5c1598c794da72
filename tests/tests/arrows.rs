//! What crates depend on: the arrows of the map in CONTRIBUTING never point up.

use std::path::Path;
use std::process::Command;

/// The packages that one is built of, itself included.
fn built_of(package: &str, features: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--edges", "normal", "--prefix", "none", "--package", package])
        .args(features)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let names = said.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

fn has_any(packages: &[String], starts: &[&str]) -> bool {
    packages
        .iter()
        .any(|name| starts.iter().any(|start| name.starts_with(start)))
}

#[test]
fn core_has_no_runtime_no_server_and_no_sdk() {
    let core = built_of("bluegate-core", &["--all-features"]);
    assert!(has_any(&core, &["serde"]), "{core:?}");
    assert!(
        !has_any(&core, &["aws-", "axum", "hyper", "tokio", "tower"]),
        "{core:?}"
    );
}

#[test]
fn deploying_without_the_sdk_takes_none_of_its_crates() {
    let sdk = ["aws-", "axum", "hyper", "rustls"];
    let whole = built_of("bluegate-deploy", &[]);
    assert!(has_any(&whole, &sdk), "{whole:?}");
    let without = built_of("bluegate-deploy", &["--no-default-features", "--features", "fake"]);
    assert!(has_any(&without, &["tokio"]), "{without:?}");
    assert!(!has_any(&without, &sdk), "{without:?}");
}

#[test]
fn the_local_gateway_knows_neither_deploy_nor_an_sdk() {
    let gateway = built_of("bluegate-gateway", &[]);
    assert!(has_any(&gateway, &["hyper"]), "{gateway:?}");
    let others = ["aws-", "axum", "rustls", "bluegate-deploy", "bluegate-macros"];
    assert!(!has_any(&gateway, &others), "{gateway:?}");
    let deploy = built_of("bluegate-deploy", &[]);
    assert!(!has_any(&deploy, &["bluegate-gateway"]), "{deploy:?}");
}

#[test]
fn what_a_stage_does_with_a_request_knows_no_socket() {
    let folder = root().join("gateway/src");
    let rooms = ["plane", "control", "service", "testing", "edge"];
    for (height, room) in rooms.into_iter().enumerate() {
        let above = &rooms[height + 1..];
        let named = names_in(&folder, room);
        assert!(!named.is_empty(), "{room}");
        let up: Vec<&String> = named.iter().filter(|name| above.contains(&name.as_str())).collect();
        assert!(up.is_empty(), "{room} knows {up:?}");
    }
}

/// The rooms of the deploy library, from the ground up; those on one line do not know each other.
const ROOMS: [&[&str]; 8] = [
    &["api"],
    &["carry"],
    &["read"],
    &["plan"],
    &["transaction"],
    &["steps", "view"],
    &["run"],
    &["sdk", "fake"],
];

/// What a room names of the others in its own files; tests may know all of them.
fn names(room: &str) -> Vec<String> {
    names_in(&root().join("deploy/src"), room)
}

fn names_in(folder: &Path, room: &str) -> Vec<String> {
    let mut files = vec![folder.join(format!("{room}.rs"))];
    let mut folders = vec![folder.join(room)];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.file_stem().and_then(|stem| stem.to_str()) {
                Some("tests") => {}
                _ if path.is_dir() => folders.push(path),
                _ if path.extension().is_some_and(|extension| extension == "rs") => files.push(path),
                _ => {}
            }
        }
    }
    let mut named = Vec::new();
    for file in files.iter().filter(|file| file.exists()) {
        let text = std::fs::read_to_string(file).unwrap();
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        for part in product.split("crate::").skip(1) {
            let name: String = part
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            named.push(name);
        }
    }
    named
}

#[test]
fn no_room_of_the_deploy_library_knows_one_above_it() {
    for (height, rooms) in ROOMS.iter().enumerate() {
        // What answers the port stands beside the rooms, on the port alone.
        let above: Vec<&str> = match rooms {
            ["sdk", "fake"] => ROOMS[1..height].iter().copied().flatten().copied().collect(),
            _ => ROOMS[height + 1..].iter().copied().flatten().copied().collect(),
        };
        for room in *rooms {
            let beside = rooms.iter().filter(|other| *other != room);
            let above: Vec<&str> = above.iter().chain(beside).copied().collect();
            let named = names(room);
            let up: Vec<&String> = named.iter().filter(|name| above.contains(&name.as_str())).collect();
            assert!(up.is_empty(), "{room} knows {up:?}");
        }
    }
}

#[test]
fn each_place_that_the_guide_names_is_there() {
    let guide = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let is_place = |word: &&str| {
        let starts = [
            "core/",
            "macros/",
            "src/",
            "deploy/",
            "gateway/",
            "cli/",
            "examples/",
            "tests/",
            "docs/",
        ];
        starts.iter().any(|start| word.starts_with(start)) && !word.contains("BGxxxx")
    };
    let places: Vec<&str> = guide.split('`').skip(1).step_by(2).filter(is_place).collect();
    assert!(places.len() > 40, "{places:?}");
    for place in places {
        assert!(
            root().join(place).exists() || root().join(format!("{place}.rs")).exists(),
            "{place}"
        );
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

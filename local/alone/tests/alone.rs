//! The program as a person runs it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn the_world_is_served_and_its_variables_are_written_down() {
    let file = std::env::temp_dir().join(format!("world-{}.env", std::process::id()));
    let mut world = Command::new(env!("CARGO_BIN_EXE_numberline-alone"))
        .args(["world", "--listen", "127.0.0.1:0", "--environment"])
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut greeting = String::new();
    let mut said = BufReader::new(world.stdout.take().unwrap());
    said.read_line(&mut greeting).unwrap();
    let environment = fs::read_to_string(&file);
    world.kill().unwrap();
    world.wait().unwrap();
    let endpoint = environment.unwrap();
    let endpoint = endpoint
        .lines()
        .find_map(|line| line.strip_prefix("AWS_ENDPOINT_URL="));
    let origin = endpoint.unwrap().trim_matches('\'').to_owned();
    assert!(greeting.contains(&origin), "{greeting:?} {origin}");
    fs::remove_file(file).unwrap();
}

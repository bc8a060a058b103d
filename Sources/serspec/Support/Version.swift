/// The program's version; CHANGELOG.md says what changed.
let programVersion = "0.1.0"

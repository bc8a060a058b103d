import ArgumentParser

/// Where a corpus's audio is.
struct DataOptions: ParsableArguments {
  @Option(
    name: .customLong("data"), parsing: .singleValue,
    help: ArgumentHelp(
      "The corpus's folder; of joined corpora NAME=DIR for each, or a folder that holds one for each.", valueName: "dir"
    ),
    completion: .directory)
  var folders: [String] = []
}

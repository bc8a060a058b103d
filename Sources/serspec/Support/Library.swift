import Foundation

/// The specs that come with the program: corpora and bases that a spec elsewhere may name.
enum Library {
  /// Where they are, nearest first: beside an installed program, or at the root of the tree that it was built in.
  static let folders: [String] = {
    guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return [] }
    let folder = URL(fileURLWithPath: program).deletingLastPathComponent()
    // Built: .build/<platform>/release/serspec.
    return ["../share/serspec/specs", "../../../specs"].map { folder.appendingPathComponent($0).standardized.path }
      .filter { FileManager.default.fileExists(atPath: $0 + "/corpora") }
  }()
}

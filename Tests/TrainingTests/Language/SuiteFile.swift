import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing
import Training

/// A spec of Tests/SpecSuite. Lines `# SET key=value` are settings. Files and folders whose names start with `_`, and
/// `corpora`, are used by others.
struct SuiteFile: Sendable, CustomTestStringConvertible {
  static let folder = Shared.project.appendingPathComponent("Tests/SpecSuite")

  static let all: [SuiteFile] = {
    let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return all.filter { path in
      path.hasSuffix(".yaml") && !path.split(separator: "/").contains { $0.hasPrefix("_") || $0 == "corpora" }
    }.sorted().map(SuiteFile.init)
  }()

  let name: String

  var testDescription: String { name }
  var path: String { Self.folder.appendingPathComponent(name).path }

  /// The file, with a mark in the place of what is not UTF-8.
  func text() throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  /// What `validate` says of it.
  func validation() throws -> SpecValidation {
    let sets = try text().split(separator: "\n").compactMap { line -> (key: String, value: String)? in
      guard line.hasPrefix("# SET "), let equals = line.firstIndex(of: "=") else { return nil }
      let key = line[line.index(line.startIndex, offsetBy: 6)..<equals]
      return (String(key), String(line[line.index(after: equals)...]))
    }
    return SpecValidation(path: path, options: ResolveOptions(sets: sets))
  }
}

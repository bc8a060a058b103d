import Diagnostics
import Foundation
import Spec

/// Where the audio of a corpus, or of each of several joined ones, is: what `--data` says, else the corpus files.
public struct CorpusFolders: Sendable {
  private let named: [String: String]
  private let plain: String?
  private let corpus: CorpusSpec

  /// Reads the arguments of `--data`: `DIR`, or `NAME=DIR` for one of joined corpora. A plain folder for joined corpora holds
  /// a folder for each, called as the corpus is.
  ///
  /// Throws a `DiagnosticFailure` with `data.folders` where a name is unknown or there is more than one folder for a corpus.
  public init(_ arguments: [String], corpus: CorpusSpec) throws {
    var named: [String: String] = [:]
    var plain: String?
    let names = corpus.parts.isEmpty ? [corpus.name] : corpus.parts.map(\.name)
    for argument in arguments where !argument.isEmpty {
      let pieces = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if pieces.count == 2, names.contains(pieces[0]) {
        if named.updateValue(pieces[1], forKey: pieces[0]) != nil {
          throw Self.failure("--data gives two folders for corpus '\(pieces[0])'", names)
        }
      } else if pieces.count == 2, !corpus.parts.isEmpty, !pieces[0].contains("/"), !isFolder(argument) {
        throw Self.failure(
          "--data names a corpus '\(pieces[0])' that the spec does not join", names, nearest(pieces[0], in: names))
      } else if plain == nil {
        plain = argument
      } else {
        throw Self.failure("--data gives two folders, '\(plain ?? "")' and '\(argument)'", names)
      }
    }
    self.named = named
    self.plain = plain
    self.corpus = corpus
  }

  private static func failure(_ summary: String, _ names: [String], _ suggestion: String? = nil) -> DiagnosticFailure {
    DiagnosticFailure([
      Diagnostic(
        "data.folders", .error, summary,
        detail: "Give --data DIR for one corpus, and --data NAME=DIR for each of several: "
          + names.joined(separator: ", ") + ".", suggestion: suggestion)
    ])
  }

  /// Whether nothing was given.
  public var isEmpty: Bool { named.isEmpty && plain == nil }

  /// The folder of `part`, which is the corpus itself or one that it joins. Throws as `corpusRoot` does.
  public func root(of part: CorpusSpec) throws -> String {
    let given = named[part.name] ?? plain.map { corpus.parts.isEmpty ? $0 : "\($0)/\(part.name)" }
    return try corpusRoot(part, dataOption: given)
  }
}

private func isFolder(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
}

/// Finds the clips of `corpus`, single or joined, in `folders`. Throws as `scan(corpus:root:)` does.
public func scan(corpus: CorpusSpec, folders: CorpusFolders) throws -> CorpusScan {
  if corpus.parts.isEmpty { return try scan(corpus: corpus, root: try folders.root(of: corpus)) }
  var problems: [Diagnostic] = []
  var scans: [(corpus: CorpusSpec, scan: CorpusScan)] = []
  for part in corpus.parts {
    do {
      scans.append((part, try scan(part: part, root: try folders.root(of: part), needsAllClasses: false)))
    } catch let failure as DiagnosticFailure {
      problems += failure.diagnostics
    }
  }
  if problems.contains(where: { $0.severity == .error }) { throw DiagnosticFailure(problems) }
  return try join(scans, as: corpus)
}

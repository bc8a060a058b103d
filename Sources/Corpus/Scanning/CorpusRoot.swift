import Diagnostics
import Foundation
import Spec

/// The folder of the audio of `corpus`: `--data` if given, else the corpus file's `root`.
///
/// In `root`, `${env.NAME}` stands for an environment variable and `$${` for `${`. A relative `root` counts from the
/// folder of the file that says it, except where it begins with a variable; `--data` counts from the working directory.
/// Throws a `DiagnosticFailure` with `data.corpus_missing`, which names what to set, where neither tells the folder.
public func corpusRoot(
  _ corpus: CorpusSpec, dataOption: String?, environment: [String: String] = ProcessInfo.processInfo.environment
) throws -> String {
  if let dataOption, !dataOption.isEmpty { return dataOption }
  guard case .string(let written) = corpus.root.content, !written.isEmpty else {
    throw DiagnosticFailure([corpusMissing(corpus, "nothing says where the audio of corpus '\(corpus.name)' is")])
  }
  var missing: [String] = []
  let path = replacingVariables(in: written) { name in
    if let value = environment[name], !value.isEmpty { return value }
    missing.append(name)
    return ""
  }
  guard missing.isEmpty else {
    let names = missing.map { "$\($0)" }.joined(separator: " and ")
    throw DiagnosticFailure([
      corpusMissing(
        corpus, "\(names), which should name the folder of corpus '\(corpus.name)', is not set in the environment")
    ])
  }
  guard !path.hasPrefix("/"), !written.hasPrefix("${"), let span = corpus.root.writtenSpan else { return path }
  let folder = (span.file.name as NSString).deletingLastPathComponent
  return folder.isEmpty ? path : "\(folder)/\(path)"
}

/// `text` with each `${env.NAME}` replaced by what `value` gives for its name.
private func replacingVariables(in text: String, value: (String) -> String) -> String {
  var result = ""
  var rest = text[...]
  while let start = rest.range(of: "${") {
    if rest[..<start.lowerBound].last == "$" {
      result += rest[..<start.lowerBound].dropLast() + "${"
      rest = rest[start.upperBound...]
      continue
    }
    result += rest[..<start.lowerBound]
    let inside = rest[start.upperBound...]
    guard let end = inside.firstIndex(of: "}"),
      case let name = inside[..<end].trimmingCharacters(in: .whitespaces), name.hasPrefix("env.")
    else {
      result += "${"
      rest = inside
      continue
    }
    result += value(String(name.dropFirst("env.".count)))
    rest = inside[inside.index(after: end)...]
  }
  return result + rest
}

/// `a`, `b` and `c`, for messages; at most 40 words are named.
func wordList(_ words: [String], _ conjunction: String = "and") -> String {
  let shown = words.prefix(40).map { "'\($0)'" }
  if words.count > shown.count { return shown.joined(separator: ", ") + " and \(words.count - shown.count) more" }
  guard shown.count > 1, let last = shown.last else { return shown.first ?? "none" }
  return shown.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}

/// Whether `name` can name a parameter, a block, a feature or a node: it must work in `${...}`, in paths of `--set` and
/// in the names of a checkpoint's tensors.
func isIdentifier(_ name: String) -> Bool {
  guard let first = name.unicodeScalars.first, first == "_" || isLetter(first) else { return false }
  return name.unicodeScalars.allSatisfy { $0 == "_" || isLetter($0) || ("0"..."9").contains($0) }
}

private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
  ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
}

import Diagnostics

/// A span of a file by lines and columns.
func span(_ file: SourceFile, _ line: Int, _ column: Int, _ endLine: Int, _ endColumn: Int) -> SourceSpan {
  SourceSpan(
    file: file, start: SourcePosition(line: line, column: column), end: SourcePosition(line: endLine, column: endColumn)
  )
}

/// The words and the bar of a progress line.
enum ProgressText {
  struct Bar {
    let done: Int
    let total: Int
    let label: String
    /// Seconds; nil while it cannot be told.
    let remaining: Double?
    let figures: [String]
  }

  /// One line of at most `width` columns. Where room is short, first figures go, then the time, then the bar.
  static func line(_ bar: Bar, width: Int, colour: Bool, unicode: Bool) -> String {
    let share = share(bar)
    let percent = percentage(share)
    let rest = bar.remaining.map { duration($0) + " left" }
    var parts = [percent] + (rest.map { [$0] } ?? []) + bar.figures
    func taken() -> Int { DisplayWidth.of(bar.label) + parts.reduce(0) { $0 + 2 + DisplayWidth.of($1) } }
    let smallestBar = 2 + 10
    while parts.count > 1, taken() + smallestBar > width { parts.removeLast() }
    let room = min(40, width - taken() - 2)
    if room < 10 { return DisplayWidth.fitted(bar.label + "  " + percent, into: width) }
    let drawing = drawing(share, width: room, colour: colour, unicode: unicode)
    return ([bar.label, drawing] + parts).joined(separator: "  ")
  }

  /// The same for a log: `features: 2,100 of 7,442 (28%), 1:03 left`.
  static func plain(_ bar: Bar) -> String {
    var parts = ["\(bar.label): \(bar.done) of \(bar.total) (\(percentage(share(bar)).drop { $0 == " " }))"]
    if let remaining = bar.remaining { parts.append(duration(remaining) + " left") }
    return (parts + bar.figures).joined(separator: ", ")
  }

  /// `0:05`, `12:34`, `3:02:01`; days are hours.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds.isFinite ? seconds : 0), 3.6e9).rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  private static func share(_ bar: Bar) -> Double {
    bar.total > 0 ? min(1, max(0, Double(bar.done) / Double(bar.total))) : 1
  }

  /// Four columns; 100% only when all is done.
  private static func percentage(_ share: Double) -> String {
    let number = String(Int(share * 100))
    return String(repeating: " ", count: 3 - number.count) + number + "%"
  }

  private static func drawing(_ share: Double, width: Int, colour: Bool, unicode: Bool) -> String {
    let filled = Int(share * Double(width))
    let done = String(repeating: unicode ? "━" : "#", count: filled)
    let rest = String(repeating: unicode ? "─" : "-", count: width - filled)
    return colour ? "\u{1B}[36m\(done)\u{1B}[2;39m\(rest)\u{1B}[0m" : done + rest
  }
}

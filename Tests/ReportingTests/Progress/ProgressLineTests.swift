import Reporting
import Synchronization
import Testing

@Suite struct ProgressLineTests {
  /// A clock that the test moves, and what was written.
  private final class Desk: Sendable {
    let now = Mutex(100.0)
    let written = Mutex("")

    func line(_ style: ProgressStyle, width: Int = 80) -> ProgressLine {
      ProgressLine(
        style: style, width: { width }, clock: { self.now.withLock { $0 } },
        write: { text in self.written.withLock { $0 += text } })
    }

    func wait(_ seconds: Double) { now.withLock { $0 += seconds } }

    /// What was written since the last call.
    func take() -> String {
      written.withLock { text in
        defer { text = "" }
        return text
      }
    }
  }

  private let plainTerminal = ProgressStyle.terminal(colour: false, unicode: false)
  private let erase = "\u{1B}[K"

  @Test func theBarShowsShareTimeAndFigures() {
    let desk = Desk()
    let line = desk.line(plainTerminal, width: 61)
    line.begin("epoch 1/4", total: 40)
    #expect(desk.take() == "\repoch 1/4  ----------------------------------------    0%\(erase)")
    desk.wait(30)
    line.advance(to: 10, figures: ["loss 1.25"])
    #expect(desk.take() == "\repoch 1/4  #####----------------   25%  1:30 left  loss 1.25\(erase)")
    line.end("done")
    #expect(desk.take() == "\r\(erase)done\n")
  }

  @Test func redrawsAtMostTenTimesASecond() {
    let desk = Desk()
    let line = desk.line(plainTerminal)
    line.begin("x", total: 10_000)
    _ = desk.take()
    var drawn = 0
    for step in 1...5_000 {
      desk.wait(0.001)
      line.advance(to: step)
      if !desk.take().isEmpty { drawn += 1 }
    }
    #expect((45...50).contains(drawn))
  }

  @Test(arguments: [1, 5, 12, 20, 30, 40, 60, 200]) func linesFitTheTerminal(width: Int) {
    let desk = Desk()
    let line = desk.line(plainTerminal, width: width)
    line.begin("epoch 100/150 語", total: 10)
    desk.wait(5)
    line.advance(to: 5, figures: ["loss 1.234", "accuracy 50.1%"])
    for text in desk.take().split(separator: "\r") {
      #expect(DisplayWidth.of(String(text).replacing(erase, with: "")) < max(2, width))
    }
  }

  @Test func notesStandAboveTheBar() {
    let desk = Desk()
    let line = desk.line(plainTerminal, width: 30)
    line.begin("x", total: 2)
    _ = desk.take()
    line.note("epoch 1: loss 0.5")
    #expect(desk.take() == "\r\(erase)epoch 1: loss 0.5\n\rx  --------------------    0%\(erase)")
  }

  @Test func aResumedTaskCountsOnlyItsOwnTime() {
    let desk = Desk()
    let line = desk.line(.plain)
    line.begin("epochs", total: 100, done: 50)
    desk.wait(20)
    line.advance(to: 60)
    #expect(desk.take() == "epochs: 60 of 100 (60%), 1:20 left\n")
  }

  @Test func logsGetALineNowAndThen() {
    let desk = Desk()
    let line = desk.line(.plain)
    line.begin("features", total: 600)
    for _ in 1...300 {
      desk.wait(0.125)
      line.advance()
    }
    line.note("half")
    line.end("600 clips")
    #expect(
      desk.take() == """
        features: 120 of 600 (20%), 1:00 left
        features: 240 of 600 (40%), 0:45 left
        half
        600 clips

        """)
  }

  @Test func quietIsSilent() {
    let desk = Desk()
    let line = desk.line(.silent)
    line.begin("x", total: 2)
    desk.wait(100)
    line.advance()
    line.note("note")
    line.end("end")
    #expect(desk.take() == "")
  }

  @Test func coloursAreSwitchedOffAgain() {
    let desk = Desk()
    let line = desk.line(.terminal(colour: true, unicode: true))
    line.begin("x", total: 4, done: 2)
    let text = desk.take()
    #expect(text.contains("\u{1B}[36m━"))
    #expect(text.contains("─\u{1B}[0m"))
  }

  @Test func forgettingToEndClearsTheLine() {
    let desk = Desk()
    do {
      let line = desk.line(plainTerminal)
      line.begin("x", total: 2)
      _ = desk.take()
      withExtendedLifetime(line) {}
    }
    #expect(desk.take() == "\r\(erase)")
  }

  @Test func threadsMayAdvanceAtOnce() async {
    let desk = Desk()
    let line = desk.line(.plain)
    line.begin("x", total: 8_000)
    await withTaskGroup { group in
      for _ in 0..<8 { group.addTask { for _ in 0..<1_000 { line.advance() } } }
    }
    desk.wait(20)
    line.advance(by: 0)
    #expect(desk.take() == "x: 8000 of 8000 (100%), 0:00 left\n")
  }

  @Test func nothingToDoIsDone() {
    let desk = Desk()
    let line = desk.line(plainTerminal, width: 30)
    line.begin("x", total: 0)
    #expect(desk.take() == "\rx  ####################  100%\(erase)")
  }
}

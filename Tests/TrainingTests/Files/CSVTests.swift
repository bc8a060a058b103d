import Testing
import Training

@Suite struct CSVTests {
  @Test(arguments: [
    (["a", "b c", ""], "a,b c,\n"),
    (["a,b", "say \"hi\"", "two\nlines", "cr\r"], "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"cr\r\"\n"),
    ([""], "\"\"\n"), (["crlf\r\n", "ü;'"], "\"crlf\r\n\",ü;'\n"),
  ]) func lines(fields: [String], line: String) {
    #expect(CSV.line(fields) == line)
  }

  @Test func tablesStartWithTheirHeader() {
    #expect(
      CSV.text(header: ["epoch", "loss"], rows: [["1", CSV.number(0.1)], ["2", CSV.number(-.nan)]])
        == "epoch,loss\n1,0.1\n2,nan\n")
  }
}

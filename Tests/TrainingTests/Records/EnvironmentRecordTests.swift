import Testing
import Training

@Suite struct EnvironmentRecordTests {
  @Test func tellsWhatTheMachineIs() {
    let record = EnvironmentRecord(version: "0.1.0", threads: 2, libraries: [("blas_kernel", "Haswell")])
    #expect(record.cores >= 1)
    #expect(record.memoryMiB > 0)
    #expect(record.operatingSystem.contains("Linux"))
    #expect(record.swift.hasPrefix("6."))
    #expect(!record.cpu.isEmpty)
    #expect(record.json["serspec"] == "0.1.0")
    #expect(record.json["threads"] == 2)
    #expect(record.json["libraries"] == ["blas_kernel": "Haswell"])
  }

  @Test func whatBitsDependOnIsNamed() throws {
    let libraries = try EnvironmentRecord.numericLibraries()
    #expect(libraries.map(\.name) == ["kernel_level", "blas_kernel", "blas", "fftw", "libc"])
    #expect(["baseline", "avx2", "avx512"].contains(libraries[0].version))
    #expect(libraries[2].version.contains("OpenBLAS") && libraries[3].version.hasPrefix("fftw-"))
    #expect(libraries.allSatisfy { !$0.version.isEmpty })
  }

  @Test func theProcessorIsTheFirstModelName() {
    let text = "processor\t: 0\nmodel\t\t: 17\nmodel name\t: AMD EPYC 9654: 96-Core\n\nmodel name\t: other\n"
    #expect(EnvironmentRecord.cpuModel(fromCPUInfo: text) == "AMD EPYC 9654: 96-Core")
    #expect(EnvironmentRecord.cpuModel(fromCPUInfo: "processor : 0\nmodel name :\n") == nil)
  }

  @Test(arguments: [("0-1", 2), ("3", 1), ("0-3,8,10-11", 7), ("", nil), ("x", nil), ("5-1", nil)] as [(String, Int?)])
  func allowedProcessorsAreCounted(list: String, count: Int?) {
    let text = "Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t\(list)\n"
    #expect(EnvironmentRecord.allowedProcessors(fromStatus: text) == count)
    #expect(EnvironmentRecord.allowedProcessors(fromStatus: "Name:\tx\n") == nil)
  }

  @Test func theDistributionHasNoQuotes() {
    let text = "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"
    #expect(EnvironmentRecord.distribution(fromOSRelease: text) == "Debian GNU/Linux 12 (bookworm)")
    #expect(EnvironmentRecord.distribution(fromOSRelease: "PRETTY_NAME=Arch\n") == "Arch")
    #expect(EnvironmentRecord.distribution(fromOSRelease: "") == nil)
  }
}

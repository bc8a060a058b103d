import CKernels

/// A matrix in panels: `Kernels.panelWidth` columns at a time, row behind row, as matrix products read it (see
/// `serspec_product`).
struct PanelLayout: Sendable {
  let rows: Int
  let columns: Int

  /// The distance between panels in floats: odd in cache lines, so that they do not fall on the same places of a cache.
  var panel: Int { PanelLayout.spread(rows * Kernels.panelWidth) }
  /// Floats of the whole matrix.
  var floats: Int { (columns + Kernels.panelWidth - 1) / Kernels.panelWidth * panel }

  /// `floats` rounded up to an odd number of cache lines.
  static func spread(_ floats: Int) -> Int { ((floats + 15) / 16 | 1) * 16 }

  /// Where column `column` starts, the first of a panel.
  func offset(column: Int) -> Int { column / Kernels.panelWidth * panel }
}

extension PanelLayout {
  /// Writes the matrix whose value (row, column) is `matrix[row * rowStep + column * columnStep]`, one of which is 1.
  func pack(
    _ matrix: UnsafePointer<Float>, rowStep: Int, columnStep: Int, into panels: UnsafeMutablePointer<Float>
  ) {
    Kernels.table.pack_panels(rows, columns, matrix, rowStep, columnStep, panels, panel)
  }

  /// The same, with several threads.
  func pack(
    _ matrix: UnsafePointer<Float>, rowStep: Int, columnStep: Int, into panels: UnsafeMutablePointer<Float>,
    pool: WorkerPool
  ) {
    let parts = Tiling(columns, by: Kernels.panelWidth)
    pool.run(tiles: parts.tiles) { part, _ in
      let columns = parts[part]
      Kernels.table.pack_panels(
        rows, columns.count, matrix + columns.lowerBound * columnStep, rowStep, columnStep, panels + part * panel, panel
      )
    }
  }
}

import Glibc

/// Convolution as matrix products of patches (im2col) with the kernel: right for every geometry.
///
/// The patches of one tile of output pixels at a time are written to scratch and multiplied at once; a 1x1 convolution
/// multiplies in place.
struct PatchConvolution: Sendable {
  let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  /// Output pixels of the whole batch.
  private var rows: Int { geometry.batch * geometry.outPixels }

  /// Output pixels of one tile: about a megabyte of patches, enough rows to repay packing the kernel, and enough tiles
  /// for several threads.
  private func tiling(rows: Int, patch: Int) -> Tiling {
    let fitting = max(96, min(1024, 262_144 / max(1, patch)))
    return Tiling(rows, by: min(fitting, max(32, rows / 16)))
  }

  // MARK: Forward

  func forwardScratch(threads: Int) -> Int {
    geometry.isPointwise ? 0 : threads * tiling(rows: rows, patch: geometry.patch).size * geometry.patch
  }

  /// `y = x * weight + bias`.
  func forward(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, blas) = (geometry, BLAS.shared)
    let tiling = tiling(rows: rows, patch: g.patch)
    pool.run(tiles: tiling.tiles * g.groups) { tile, worker in
      let (rows, group) = (tiling[tile / g.groups], tile % g.groups)
      var patches = x + rows.lowerBound * g.inChannels
      if !g.isPointwise {
        let matrix = scratch + worker * tiling.size * g.patch
        g.patches(of: x, rows: rows, group: group, positions: 0..<g.kernelArea, into: matrix)
        patches = UnsafePointer(matrix)
      }
      let firstOut = group * g.groupOutChannels
      let target = y + rows.lowerBound * g.outChannels + firstOut
      if let bias {
        fill(rows: rows.count, columns: g.groupOutChannels, stride: g.outChannels, of: target, with: bias + firstOut)
      }
      blas.sgemm(
        transA: false, transB: true, m: rows.count, n: g.groupOutChannels, k: g.patch, alpha: 1, a: patches,
        lda: g.patch, b: weight + firstOut * g.patch, ldb: g.patch, beta: bias == nil ? 0 : 1, c: target,
        ldc: g.outChannels)
    }
  }

  // MARK: Gradient of the input

  func inputGradientScratch(threads: Int) -> Int {
    let g = geometry
    if g.isPointwise { return 0 }
    if g.isUnitStride {
      let back = g.transposed
      return g.outChannels * g.patch + threads * tiling(rows: g.batch * g.pixels, patch: back.patch).size * back.patch
    }
    return threads * scatterRows * g.patch
  }

  /// Writes or adds the gradient of the input.
  func inputGradient(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    if geometry.isUnitStride {
      gather(dy: dy, weight: weight, dx: dx, beta: accumulate ? 1 : 0, scratch: scratch, pool: pool)
    } else {
      scatter(dy: dy, weight: weight, dx: dx, accumulate: accumulate, scratch: scratch, pool: pool)
    }
  }

  /// Stride one: a convolution of the output's gradient with the turned kernel, so that each value is written once.
  private func gather(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, beta: Float,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, back, blas) = (geometry, geometry.transposed, BLAS.shared)
    let (groupIn, groupOut, area) = (g.groupInChannels, g.groupOutChannels, g.kernelArea)
    var turned = weight
    if !g.isPointwise {
      // [group, turned position, out, in] of [group, out, position, in].
      pool.run(tiles: g.groups * area) { tile, _ in
        let (group, position) = (tile / area, tile % area)
        for out in 0..<groupOut {
          memcpy(
            scratch + (tile * groupOut + out) * groupIn,
            weight + ((group * groupOut + out) * area + area - 1 - position) * groupIn,
            groupIn * MemoryLayout<Float>.stride)
        }
      }
      turned = UnsafePointer(scratch)
    }
    let matrices = scratch + (g.isPointwise ? 0 : g.outChannels * g.patch)
    let tiling = tiling(rows: g.batch * g.pixels, patch: back.patch)
    pool.run(tiles: tiling.tiles * g.groups) { tile, worker in
      let (rows, group) = (tiling[tile / g.groups], tile % g.groups)
      var patches = dy + rows.lowerBound * g.outChannels
      if !g.isPointwise {
        let matrix = matrices + worker * tiling.size * back.patch
        back.patches(of: dy, rows: rows, group: group, positions: 0..<area, into: matrix)
        patches = UnsafePointer(matrix)
      }
      blas.sgemm(
        transA: false, transB: false, m: rows.count, n: groupIn, k: back.patch, alpha: 1, a: patches, lda: back.patch,
        b: turned + group * back.patch * groupIn, ldb: groupIn, beta: beta,
        c: dx + rows.lowerBound * g.inChannels + group * groupIn, ldc: g.inChannels)
    }
  }

  /// Output pixels whose patches are made and scattered at once.
  private var scatterRows: Int { min(geometry.outPixels, max(16, 131_072 / max(1, geometry.patch))) }

  /// Any stride: patches of gradients are added back to their image, one image a tile.
  private func scatter(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, blas, chunks) = (geometry, BLAS.shared, Tiling(geometry.outPixels, by: scatterRows))
    pool.run(tiles: g.batch) { image, worker in
      let target = dx + image * g.pixels * g.inChannels
      let matrix = scratch + worker * chunks.size * g.patch
      if !accumulate { target.update(repeating: 0, count: g.pixels * g.inChannels) }
      for group in 0..<g.groups {
        withUnsafePointer(to: g.loops(group: group)) { loops in
          for chunk in 0..<chunks.tiles {
            let rows = chunks[chunk]
            let firstOut = group * g.groupOutChannels
            blas.sgemm(
              transA: false, transB: false, m: rows.count, n: g.patch, k: g.groupOutChannels, alpha: 1,
              a: dy + (image * g.outPixels + rows.lowerBound) * g.outChannels + firstOut, lda: g.outChannels,
              b: weight + firstOut * g.patch, ldb: g.patch, beta: 0, c: matrix, ldc: g.patch)
            Kernels.table.col2im(loops, matrix, Int32(rows.lowerBound), Int32(rows.upperBound), target)
          }
        }
      }
    }
  }
}

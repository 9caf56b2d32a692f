;; The loops over the bytes of whole photos, several at an instruction. `npm run kernels` compiles them into
;; `kernels.ts`; what they are for, and who lays out the memory, is told in `index.ts`.
;;
;; A weight is a whole number of 24 bits in two parts, high · 256 + low with low from 0 to 255, so that both can be
;; factors of `i32x4.dot_i16x8_s`, which multiplies lane by lane and adds neighbours. All sums are exact.
(module
  (memory (export "memory") 1)

  ;; Four sums in Pillow's fixed point (22 bits after the point), from their parts, as bytes in the lowest four lanes:
  ;; rounded by adding one half, cut to 0 … 255.
  (func $clip (param $high v128) (param $low v128) (result v128)
    (local $sum v128)
    (local.set $sum (i32x4.add (i32x4.shl (local.get $high) (i32.const 8)) (local.get $low)))
    (local.set $sum (i32x4.shr_s (i32x4.add (local.get $sum) (i32x4.splat (i32.const 0x200000))) (i32.const 22)))
    (local.set $sum (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
    (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum)))

  ;; Outputs of two rows of red, green, blue at once, so that a weight is read once for both.
  ;; $spans: for each output the first byte of its taps and how many groups of four they are.
  ;; $weights: for each group four high parts and four low ones, sixteen bytes; the next output's are $stride further on.
  ;; Reads up to sixteen bytes from the last group on, and writes one byte more than the outputs.
  (func (export "acrossColour")
    (param $row i32) (param $otherRow i32) (param $to i32) (param $otherTo i32)
    (param $outputs i32) (param $spans i32) (param $weights i32) (param $stride i32)
    (local $end i32) (local $at i32) (local $ahead i32) (local $weight i32) (local $lastWeight i32)
    (local $pixels v128) (local $first v128) (local $second v128) (local $zero v128)
    (local $high v128) (local $low v128) (local $otherHigh v128) (local $otherLow v128)
    (local.set $ahead (i32.sub (local.get $otherRow) (local.get $row)))
    (local.set $end (i32.add (local.get $spans) (i32.shl (local.get $outputs) (i32.const 3))))
    (block $done
      (loop $output
        (br_if $done (i32.ge_u (local.get $spans) (local.get $end)))
        (local.set $at (i32.add (local.get $row) (i32.load (local.get $spans))))
        (local.set $weight (local.get $weights))
        (local.set $lastWeight
          (i32.add (local.get $weight) (i32.shl (i32.load offset=4 (local.get $spans)) (i32.const 4))))
        (local.set $high (local.get $zero))
        (local.set $low (local.get $zero))
        (local.set $otherHigh (local.get $zero))
        (local.set $otherLow (local.get $zero))
        (loop $group
          ;; Of four pixels the first two and the last two, as r r g g b b in sixteen bits each.
          (local.set $pixels (v128.load (local.get $at)))
          (local.set $first
            (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16 (local.get $pixels) (local.get $zero)))
          (local.set $second
            (i8x16.shuffle 6 16 9 16 7 16 10 16 8 16 11 16 16 16 16 16 (local.get $pixels) (local.get $zero)))
          (local.set $high (i32x4.add (local.get $high)
            (i32x4.dot_i16x8_s (local.get $first) (v128.load32_splat (local.get $weight)))))
          (local.set $high (i32x4.add (local.get $high)
            (i32x4.dot_i16x8_s (local.get $second) (v128.load32_splat offset=4 (local.get $weight)))))
          (local.set $low (i32x4.add (local.get $low)
            (i32x4.dot_i16x8_s (local.get $first) (v128.load32_splat offset=8 (local.get $weight)))))
          (local.set $low (i32x4.add (local.get $low)
            (i32x4.dot_i16x8_s (local.get $second) (v128.load32_splat offset=12 (local.get $weight)))))
          (local.set $pixels (v128.load (i32.add (local.get $at) (local.get $ahead))))
          (local.set $first
            (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16 (local.get $pixels) (local.get $zero)))
          (local.set $second
            (i8x16.shuffle 6 16 9 16 7 16 10 16 8 16 11 16 16 16 16 16 (local.get $pixels) (local.get $zero)))
          (local.set $otherHigh (i32x4.add (local.get $otherHigh)
            (i32x4.dot_i16x8_s (local.get $first) (v128.load32_splat (local.get $weight)))))
          (local.set $otherHigh (i32x4.add (local.get $otherHigh)
            (i32x4.dot_i16x8_s (local.get $second) (v128.load32_splat offset=4 (local.get $weight)))))
          (local.set $otherLow (i32x4.add (local.get $otherLow)
            (i32x4.dot_i16x8_s (local.get $first) (v128.load32_splat offset=8 (local.get $weight)))))
          (local.set $otherLow (i32x4.add (local.get $otherLow)
            (i32x4.dot_i16x8_s (local.get $second) (v128.load32_splat offset=12 (local.get $weight)))))
          (local.set $at (i32.add (local.get $at) (i32.const 12)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 16)))
          (br_if $group (i32.lt_u (local.get $weight) (local.get $lastWeight))))
        (v128.store32_lane 0 (local.get $to) (call $clip (local.get $high) (local.get $low)))
        (v128.store32_lane 0 (local.get $otherTo) (call $clip (local.get $otherHigh) (local.get $otherLow)))
        (local.set $to (i32.add (local.get $to) (i32.const 3)))
        (local.set $otherTo (i32.add (local.get $otherTo) (i32.const 3)))
        (local.set $spans (i32.add (local.get $spans) (i32.const 8)))
        (local.set $weights (i32.add (local.get $weights) (local.get $stride)))
        (br $output))))

  ;; Outputs of a row of one channel, with the same spans and weights.
  (func (export "acrossGrey")
    (param $row i32) (param $to i32) (param $outputs i32) (param $spans i32) (param $weights i32) (param $stride i32)
    (local $end i32) (local $at i32) (local $weight i32) (local $lastWeight i32) (local $sums v128)
    (local.set $end (i32.add (local.get $spans) (i32.shl (local.get $outputs) (i32.const 3))))
    (block $done
      (loop $output
        (br_if $done (i32.ge_u (local.get $spans) (local.get $end)))
        (local.set $at (i32.add (local.get $row) (i32.load (local.get $spans))))
        (local.set $weight (local.get $weights))
        (local.set $lastWeight
          (i32.add (local.get $weight) (i32.shl (i32.load offset=4 (local.get $spans)) (i32.const 4))))
        (local.set $sums (i32x4.splat (i32.const 0)))
        (loop $group
          ;; Four pixels twice, for the high parts and the low ones: two sums of each.
          (local.set $sums (i32x4.add (local.get $sums)
            (i32x4.dot_i16x8_s
              (i16x8.extend_low_i8x16_u (v128.load32_splat (local.get $at)))
              (v128.load (local.get $weight)))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 16)))
          (br_if $group (i32.lt_u (local.get $weight) (local.get $lastWeight))))
        (local.set $sums (i32x4.add (local.get $sums)
          (i8x16.shuffle 4 5 6 7 4 5 6 7 12 13 14 15 12 13 14 15 (local.get $sums) (local.get $sums))))
        (v128.store8_lane 0 (local.get $to) (call $clip
          (local.get $sums)
          (i8x16.shuffle 8 9 10 11 8 9 10 11 8 9 10 11 8 9 10 11 (local.get $sums) (local.get $sums))))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (local.set $spans (i32.add (local.get $spans) (i32.const 8)))
        (local.set $weights (i32.add (local.get $weights) (local.get $stride)))
        (br $output))))

  ;; Adds $pairs · 2 weighted rows, each $rowLength bytes after the one before, to $length sums of 32 bits, sixteen at a
  ;; time: up to fifteen more of both are read, and of the sums written. $weights: two high parts and two low ones a pair.
  (func (export "addRows")
    (param $rows i32) (param $rowLength i32) (param $pairs i32) (param $weights i32) (param $sums i32) (param $length i32)
    (local $end i32) (local $at i32) (local $weight i32) (local $lastWeight i32)
    (local $upper v128) (local $under v128) (local $pixels v128) (local $both v128) (local $high v128) (local $low v128)
    (local $sums0 v128) (local $sums1 v128) (local $sums2 v128) (local $sums3 v128)
    (local.set $end (i32.add (local.get $rows) (local.get $length)))
    (local.set $lastWeight (i32.add (local.get $weights) (i32.shl (local.get $pairs) (i32.const 3))))
    (block $done
      (loop $sixteen
        (br_if $done (i32.ge_u (local.get $rows) (local.get $end)))
        (local.set $at (local.get $rows))
        (local.set $weight (local.get $weights))
        (local.set $sums0 (v128.load (local.get $sums)))
        (local.set $sums1 (v128.load offset=16 (local.get $sums)))
        (local.set $sums2 (v128.load offset=32 (local.get $sums)))
        (local.set $sums3 (v128.load offset=48 (local.get $sums)))
        (loop $pair
          (local.set $high (v128.load32_splat (local.get $weight)))
          (local.set $low (v128.load32_splat offset=4 (local.get $weight)))
          (local.set $upper (v128.load (local.get $at)))
          (local.set $at (i32.add (local.get $at) (local.get $rowLength)))
          (local.set $under (v128.load (local.get $at)))
          (local.set $at (i32.add (local.get $at) (local.get $rowLength)))
          (local.set $pixels
            (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $upper) (local.get $under)))
          (local.set $both (i16x8.extend_low_i8x16_u (local.get $pixels)))
          (local.set $sums0 (i32x4.add (local.get $sums0) (i32x4.add
            (i32x4.shl (i32x4.dot_i16x8_s (local.get $both) (local.get $high)) (i32.const 8))
            (i32x4.dot_i16x8_s (local.get $both) (local.get $low)))))
          (local.set $both (i16x8.extend_high_i8x16_u (local.get $pixels)))
          (local.set $sums1 (i32x4.add (local.get $sums1) (i32x4.add
            (i32x4.shl (i32x4.dot_i16x8_s (local.get $both) (local.get $high)) (i32.const 8))
            (i32x4.dot_i16x8_s (local.get $both) (local.get $low)))))
          (local.set $pixels
            (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $upper) (local.get $under)))
          (local.set $both (i16x8.extend_low_i8x16_u (local.get $pixels)))
          (local.set $sums2 (i32x4.add (local.get $sums2) (i32x4.add
            (i32x4.shl (i32x4.dot_i16x8_s (local.get $both) (local.get $high)) (i32.const 8))
            (i32x4.dot_i16x8_s (local.get $both) (local.get $low)))))
          (local.set $both (i16x8.extend_high_i8x16_u (local.get $pixels)))
          (local.set $sums3 (i32x4.add (local.get $sums3) (i32x4.add
            (i32x4.shl (i32x4.dot_i16x8_s (local.get $both) (local.get $high)) (i32.const 8))
            (i32x4.dot_i16x8_s (local.get $both) (local.get $low)))))
          (local.set $weight (i32.add (local.get $weight) (i32.const 8)))
          (br_if $pair (i32.lt_u (local.get $weight) (local.get $lastWeight))))
        (v128.store (local.get $sums) (local.get $sums0))
        (v128.store offset=16 (local.get $sums) (local.get $sums1))
        (v128.store offset=32 (local.get $sums) (local.get $sums2))
        (v128.store offset=48 (local.get $sums) (local.get $sums3))
        (local.set $sums (i32.add (local.get $sums) (i32.const 64)))
        (local.set $rows (i32.add (local.get $rows) (i32.const 16)))
        (br $sixteen))))

  ;; Means over columns of $sums, which addRows made of rows of red, green, blue: three float64 an output, the last one
  ;; followed by one more that is of no use. $columns: for each output its first byte in $sums, how many columns it
  ;; spans (integers), and how wide they are together (float64); $shares: the share of each column in turn (float64).
  ;; $height: what the shares of the rows add up to.
  (func (export "meansOfColour")
    (param $sums i32) (param $columns i32) (param $shares i32) (param $to i32) (param $outputs i32) (param $height f64)
    (local $end i32) (local $at i32) (local $lastShare i32) (local $share v128) (local $three v128)
    (local $redGreen v128) (local $blue v128) (local $area v128)
    (local.set $end (i32.add (local.get $columns) (i32.shl (local.get $outputs) (i32.const 4))))
    (block $done
      (loop $output
        (br_if $done (i32.ge_u (local.get $columns) (local.get $end)))
        (local.set $at (i32.add (local.get $sums) (i32.load (local.get $columns))))
        (local.set $lastShare (i32.add (local.get $shares) (i32.shl (i32.load offset=4 (local.get $columns)) (i32.const 3))))
        (local.set $area
          (f64x2.splat (f64.mul (f64.load offset=8 (local.get $columns)) (local.get $height))))
        (local.set $redGreen (f64x2.splat (f64.const 0)))
        (local.set $blue (f64x2.splat (f64.const 0)))
        (loop $column
          (local.set $share (v128.load64_splat (local.get $shares)))
          (local.set $three (v128.load (local.get $at)))
          (local.set $redGreen (f64x2.add (local.get $redGreen)
            (f64x2.mul (f64x2.convert_low_i32x4_s (local.get $three)) (local.get $share))))
          (local.set $three (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $three) (local.get $three)))
          (local.set $blue (f64x2.add (local.get $blue)
            (f64x2.mul (f64x2.convert_low_i32x4_s (local.get $three)) (local.get $share))))
          (local.set $at (i32.add (local.get $at) (i32.const 12)))
          (local.set $shares (i32.add (local.get $shares) (i32.const 8)))
          (br_if $column (i32.lt_u (local.get $shares) (local.get $lastShare))))
        (v128.store (local.get $to) (f64x2.div (local.get $redGreen) (local.get $area)))
        (v128.store offset=16 (local.get $to) (f64x2.div (local.get $blue) (local.get $area)))
        (local.set $to (i32.add (local.get $to) (i32.const 24)))
        (local.set $columns (i32.add (local.get $columns) (i32.const 16)))
        (br $output)))))

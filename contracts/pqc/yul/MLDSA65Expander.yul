// Expansion of an ML-DSA-65 public key: tr, A and NTT(t1 2^d), FIPS 204 Algorithm 8 steps 1, 5, 6 and a part of 9.
//
// Calldata: public key (1,952 bytes). Returns tr (64 bytes) and the expanded key (26,624 bytes): for each of the 256
// coefficients four words of 26 bytes, for rows 0-2 and rows 3-5 columns 0, 1, 2 and columns 3, 4, -t1 2^d; in a word 69
// bits for each row, in them 23 for each column, lowest first. Returns nothing for a key of another length.
//
// Keccak-f[1600] runs on four states at once, bit-interleaved. Three streams of A run beside each other; the fourth
// instance hashes the key to tr, and later takes the streams of the tenth group.
object "MLDSA65Expander" {
    code {
        datacopy(0, dataoffset("runtime"), datasize("runtime"))
        return(0, datasize("runtime"))
    }

    object "runtime" {
        code {
            if iszero(eq(calldatasize(), 1952)) { return(0, 0) }
            datacopy({{TABLES}}, dataoffset("tables"), datasize("tables"))
            calldatacopy({{PUBLIC_KEY}}, 0, 1952)
            mstore8(add({{PUBLIC_KEY}}, 1952), 0x1f)
            mstore8(add({{PUBLIC_KEY}}, 2039), 0x80)
            verbatim_2i_0o(hex"{{spreadSeed}}", {{PUBLIC_KEY}}, {{SEED}})
            transformT1()

            // Five blocks of SHAKE128 are 280 candidates for 256 coefficients. With a probability below 2^-125 a key
            // needs more; then it is expanded again from six blocks, 336 candidates.
            for { let blocks := 5 } lt(blocks, 7) { blocks := add(blocks, 1) } {
                if expand(blocks) { return({{TR}}, 26688) }
            }
            return(0, 0)

            // NTT(t1 2^d), for rows 0-2 and for rows 3-5.
            function transformT1() {
                let source := add({{PUBLIC_KEY}}, 32)
                for { let to := {{T1}} } lt(to, add({{T1}}, 0x4000)) { to := add(to, 256) } {
                    if eq(to, add({{T1}}, 0x2000)) { source := add({{PUBLIC_KEY}}, 992) }
                    verbatim_2i_0o(hex"{{decodeT1}}", source, to)
                    source := add(source, 10)
                }
                for { let group := {{T1}} } lt(group, add({{T1}}, 0x4000)) { group := add(group, 0x2000) } {
                    for { let at := group } lt(at, add(group, 0x400)) { at := add(at, 32) } {
                        verbatim_1i_0o(hex"{{forwardTop}}", at)
                    }
                    for { let at := group } lt(at, add(group, 128)) { at := add(at, 32) } {
                        verbatim_1i_0o(hex"{{forwardMiddle}}", at)
                    }
                }
                let zetas := {{ZETAS}}
                for { let at := {{T1}} } lt(at, add({{T1}}, 0x2000)) { at := add(at, 128) } {
                    verbatim_2i_0o(hex"{{forwardBottom}}", at, zetas)
                    zetas := add(zetas, 32)
                }
            }

            // Algorithm 32 (ExpandA) in nine batches, and tr. Groups are, in order, columns 0 to 4 of rows 0-2 and columns
            // 0 to 4 of rows 3-5; batch b holds group b, and the fourth instances of batches 6, 7 and 8 hold group 9.
            function expand(blocks) -> complete {
                calldatacopy({{TENTH}}, calldatasize(), {{TENTH_BYTES}})
                calldatacopy({{KEY}}, calldatasize(), 26624)
                resetFourth()
                let hashed := {{PUBLIC_KEY}}
                for { let batch := 0 } lt(batch, 9) { batch := add(batch, 1) } {
                    let indices := mload(add({{INDICES}}, shl(5, batch)))
                    switch lt(batch, 3)
                    case 1 { verbatim_2i_0o(hex"{{startThree}}", {{SEED}}, indices) }
                    default { verbatim_2i_0o(hex"{{startFour}}", {{SEED}}, indices) }
                    let at := {{STREAMS}}
                    let end := add(at, mul(blocks, 672))
                    let tenth := {{TENTH}}
                    for { } lt(at, end) { at := add(at, 672) } {
                        let isHashing := lt(hashed, add({{PUBLIC_KEY}}, 2040))
                        if isHashing { verbatim_1i_0o(hex"{{absorbFourth}}", hashed) }
                        permute()
                        if isHashing {
                            hashed := add(hashed, 136)
                            if eq(hashed, add({{PUBLIC_KEY}}, 2040)) { verbatim_1i_0o(hex"{{squeezeFourth}}", {{TR}}) }
                        }
                        switch lt(batch, 6)
                        case 1 { verbatim_1i_0o(hex"{{squeezeThree}}", at) }
                        default { verbatim_3i_0o(hex"{{squeezeFour}}", at, tenth, mul(69, sub(batch, 6))) }
                        tenth := add(tenth, 672)
                    }
                    if iszero(place(batch, {{STREAMS}}, end)) { leave }
                }
                if iszero(place(9, {{TENTH}}, add({{TENTH}}, mul(blocks, 672)))) { leave }
                complete := 1
            }

            // Samples group number `group` from its streams and puts columns into the key when three are there.
            function place(group, streams, end) -> complete {
                let column := mod(group, 5)
                let words := add({{COLUMNS}}, shl(13, sub(column, mul(3, gt(column, 2)))))
                if iszero(sample(streams, end, words)) { leave }
                complete := 1
                let key := add({{KEY}}, mul(52, gt(group, 4)))
                if eq(column, 2) {
                    for { let at := {{COLUMNS}} } lt(at, add({{COLUMNS}}, 0x2000)) { at := add(at, 128) } {
                        verbatim_2i_0o(hex"{{packColumns}}", at, key)
                        key := add(key, 416)
                    }
                }
                if eq(column, 4) {
                    key := add(key, 26)
                    let t1 := add({{T1}}, shl(13, gt(group, 4)))
                    for { let at := {{COLUMNS}} } lt(at, add({{COLUMNS}}, 0x2000)) { at := add(at, 128) } {
                        verbatim_3i_0o(hex"{{packWithT1}}", at, t1, key)
                        t1 := add(t1, 128)
                        key := add(key, 416)
                    }
                }
            }

            // Algorithm 30 (RejNTTPoly) for three streams beside each other. Where a candidate is rejected, what follows in
            // its stream moves up, and the eight are sampled again.
            function sample(streams, end, to) -> complete {
                let spare := sub(div(sub(end, streams), 12), {{NEEDED}})
                let rejected := 0
                for { let last := add(to, 0x2000) } lt(to, last) { } {
                    let flags := verbatim_2i_1o(hex"{{sampleEight}}", streams, to)
                    switch and(flags, {{REJECTED}})
                    case 0 {
                        streams := add(streams, 96)
                        to := add(to, 256)
                    }
                    default {
                        let shift, place_ := findRejected(to, flags)
                        rejected := add(rejected, shl(shift, 1))
                        if gt(and(shr(shift, rejected), 0xffff), spare) { leave }
                        removeCandidate(add(streams, shl(5, shr(6, place_))), and(place_, 63), shift, end)
                    }
                }
                complete := 1
            }

            // The first rejected candidate of a stream among the eight at `words`: the lane's shift, and its bit in the stream.
            // The first lane with its flag set has one.
            function findRejected(words, flags) -> shift, bit {
                for { } iszero(and(shr(shift, flags), 0x800000)) { shift := add(shift, 69) } { }
                for { } lt(and(shr(shift, mload(words)), 0x7fffff), {{Q}}) { words := add(words, 32) } { bit := add(bit, 24) }
            }

            // Removes the 24 bits from `bit` of the word at `at` on from the stream at `shift`, whose words end at `end`.
            function removeCandidate(at, bit, shift, end) {
                let word := mload(at)
                let lane := shl(192, shr(shift, word))
                lane := or(shr(192, lane), shr(128, shl(192, shr(shift, mload(add(at, 32))))))
                let kept := sub(shl(bit, 1), 1)
                let moved := or(and(lane, kept), and(shr(24, lane), not(kept)))
                let mask := shl(shift, 0xffffffffffffffff)
                mstore(at, or(and(word, not(mask)), and(shl(shift, moved), mask)))
                for { at := add(at, 32) } lt(at, end) { at := add(at, 128) } {
                    verbatim_2i_0o(hex"{{dropCandidate}}", at, mask)
                }
            }

            // Six lanes of the state are complemented, here those of the fourth instance.
            function resetFourth() {
                calldatacopy({{STATE}}, calldatasize(), 800)
{{complementFourth}}
            }

            function permute() {
                for { let constants := {{TABLES}} } lt(constants, {{ZETAS}}) { constants := add(constants, {{CONSTANTS_STEP}}) } {
                    verbatim_1i_0o(hex"{{keccakRounds}}", constants)
                }
            }
        }

        data "tables" hex"{{tables}}"
    }
}

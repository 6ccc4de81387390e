// ML-DSA-65 signature verification with an expanded key: FIPS 204 Algorithm 8 (ML-DSA.Verify_internal).
//
// Calldata: tr (64 bytes) | expanded key (26,624 bytes) | signature (3,309 bytes) | M', the prefixed message.
// Returns one word, 1 for a valid signature, else 0. Whoever calls vouches for the length and for the key.
//
// Polynomials lie three to a word, 85 bits apart: z0|z1|z2 and z3|z4|c, later rows 0-2 and rows 3-5 of w. Where a name
// stands in double braces, scripts/generate/pqc puts a straight-line kernel, a constant or a range that it has proven.
object "MLDSA65Core" {
    code {
        datacopy(0, dataoffset("runtime"), datasize("runtime"))
        return(0, datasize("runtime"))
    }

    object "runtime" {
        code {
            if iszero(areHintsValid()) { answer(0) }
            datacopy({{TABLES}}, dataoffset("tables"), datasize("tables"))
            if iszero(decodeResponse()) { answer(0) }
            sampleChallenge()
            transform()
            multiply()
            transformBack()
            hashMessage()
            encodeHighBits()
            applyHints()
            answer(isChallengeReproduced())

            function answer(valid) {
                mstore(0, valid)
                return(0, 32)
            }

            // Algorithm 21 (HintBitUnpack), its checks alone: 55 positions, then six running counts.
            function areHintsValid() -> valid {
                let counts := calldataload(add({{HINTS}}, 55))
                let index := 0
                for { let row := 0 } lt(row, 6) { row := add(row, 1) } {
                    let end := byte(row, counts)
                    if or(lt(end, index), gt(end, 55)) { leave }
                    if lt(index, end) {
                        let position := byte(0, calldataload(add({{HINTS}}, index)))
                        for { index := add(index, 1) } lt(index, end) { index := add(index, 1) } {
                            let next := byte(0, calldataload(add({{HINTS}}, index)))
                            if iszero(gt(next, position)) { leave }
                            position := next
                        }
                    }
                }
                for { } lt(index, 55) { index := add(index, 1) } {
                    if byte(0, calldataload(add({{HINTS}}, index))) { leave }
                }
                valid := 1
            }

            // Algorithm 27 (sigDecode) for z, and the norm check of Algorithm 8 step 13.
            function decodeResponse() -> valid {
                let flags := 0
                let source := {{RESPONSE}}
                for { let to := {{Z}} } lt(to, add({{Z}}, 0x2000)) { to := add(to, 128) } {
                    flags := verbatim_3i_1o(hex"{{decodeThree}}", source, to, flags)
                    flags := verbatim_3i_1o(hex"{{decodeTwo}}", add(source, 1920), add(to, 0x2000), flags)
                    source := add(source, 10)
                }
                valid := iszero(and(flags, {{NORM_FLAGS}}))
            }

            // Algorithm 29 (SampleInBall): c goes to the third lane of the second group.
            function sampleChallenge() {
                calldatacopy({{BYTES}}, {{SIGNATURE}}, 48)
                mstore8(add({{BYTES}}, 48), 0x1f)
                mstore8(add({{BYTES}}, 135), 0x80)
                resetState()
                absorbBytes({{BYTES}}, add({{BYTES}}, 136), {{CHALLENGE}})
                let signs := mload({{STATE}})
                let next := 136
                let first := 8
                for { let to := {{C_FIRST}} } lt(to, {{C_END}}) { to := add(to, 32) } {
                    let from
                    for { } 1 { } {
                        if eq(next, 136) {
                            if iszero(first) { permute() }
                            verbatim_1i_0o(hex"{{stateToBytes}}", {{BYTES}})
                            next := first
                            first := 0
                        }
                        from := add({{C}}, shl(5, byte(0, mload(add({{BYTES}}, next)))))
                        next := add(next, 1)
                        if iszero(gt(from, to)) { break }
                    }
                    let old := mload(from)
                    mstore(to, or(mload(to), and(old, {{THIRD_LANE}})))
                    let sign := {{ONE}}
                    if and(signs, 1) { sign := {{MINUS_ONE}} }
                    signs := shr(1, signs)
                    mstore(from, or(and(mload(from), not({{THIRD_LANE}})), sign))
                }
            }

            // Algorithm 41 (NTT) of both groups. Lanes grow from {{zMax}} to {{zNttMax}}.
            function transform() {
                for { let group := {{Z}} } lt(group, add({{Z}}, 0x4000)) { group := add(group, 0x2000) } {
                    for { let at := group } lt(at, add(group, 0x400)) { at := add(at, 32) } {
                        verbatim_1i_0o(hex"{{forwardTop}}", at)
                    }
                    for { let at := group } lt(at, add(group, 128)) { at := add(at, 32) } {
                        verbatim_1i_0o(hex"{{forwardMiddle}}", at)
                    }
                }
                let zetas := {{ZETAS}}
                for { let at := {{Z}} } lt(at, add({{Z}}, 0x2000)) { at := add(at, 128) } {
                    verbatim_2i_0o(hex"{{forwardBottom}}", at, zetas)
                    zetas := add(zetas, 32)
                }
            }

            // Algorithm 8 step 9 in the NTT domain, for each of 256 coefficients.
            function multiply() {
                let key := {{KEY}}
                for { let at := {{Z}} } lt(at, add({{Z}}, 0x2000)) { at := add(at, 32) } {
                    verbatim_2i_0o(hex"{{multiply}}", at, key)
                    key := add(key, 104)
                }
            }

            // Algorithm 42 (inverse NTT) of both groups. Lanes end in [0, q], q being another 0.
            function transformBack() {
                let zetas := add({{ZETAS}}, 0x7e0)
                for { let at := {{Z}} } lt(at, add({{Z}}, 0x2000)) { at := add(at, 128) } {
                    verbatim_2i_0o(hex"{{inverseBottom}}", at, zetas)
                    zetas := sub(zetas, 32)
                }
                for { let group := {{Z}} } lt(group, add({{Z}}, 0x4000)) { group := add(group, 0x2000) } {
                    for { let at := group } lt(at, add(group, 128)) { at := add(at, 32) } {
                        verbatim_1i_0o(hex"{{inverseMiddle}}", at)
                    }
                    for { let at := group } lt(at, add(group, 0x400)) { at := add(at, 32) } {
                        verbatim_1i_0o(hex"{{inverseTop}}", at)
                    }
                }
            }

            // Algorithm 8 step 7: mu, the first eight lanes of the last hash.
            function hashMessage() {
                let length := add(64, sub(calldatasize(), {{MESSAGE}}))
                calldatacopy({{BYTES}}, 0, 64)
                calldatacopy(add({{BYTES}}, 64), {{MESSAGE}}, sub(length, 64))
                let blocks := add(div(length, 136), 1)
                let last := add({{BYTES}}, sub(mul(blocks, 136), 1))
                let end := add({{BYTES}}, length)
                calldatacopy(end, calldatasize(), 136)
                mstore8(end, 0x1f)
                mstore8(last, or(0x80, byte(0, mload(last))))
                resetState()
                absorbBytes({{BYTES}}, last, {{LANES}})
                for { let at := 0 } lt(at, 256) { at := add(at, 32) } {
                    mstore(add({{LANES}}, at), squeezedLane(at))
                }
            }

            // Algorithms 37 (HighBits) and 28 (w1Encode), a lane of 16 nibbles at a time.
            function encodeHighBits() {
                let to := add({{LANES}}, 256)
                for { let at := {{Z}} } lt(at, add({{Z}}, 0x4000)) { at := add(at, 512) } {
                    verbatim_2i_0o(hex"{{highBits}}", at, to)
                    to := add(to, 32)
                    if eq(to, add({{LANES}}, 768)) { to := add({{LANES}}, 1792) }
                }
            }

            // Algorithm 40 (UseHint) where a hint is set: one up if r0 > 0, else one down, modulo 16.
            function applyHints() {
                let counts := calldataload(add({{HINTS}}, 55))
                let index := 0
                let lanes := add({{LANES}}, 256)
                for { let row := 0 } lt(row, 6) { row := add(row, 1) } {
                    let rows := add({{Z}}, shl(13, gt(row, 2)))
                    let shift := mul(85, mod(row, 3))
                    for { let end := byte(row, counts) } lt(index, end) { index := add(index, 1) } {
                        let position := byte(0, calldataload(add({{HINTS}}, index)))
                        let r := and(shr(shift, mload(add(rows, shl(5, position)))), 0xffffff)
                        r := mul(r, lt(r, {{Q}}))
                        let high := div(add(r, {{GAMMA2_LESS_ONE}}), {{ALPHA}})
                        let hinted := and(add(high, 15), 15)
                        if gt(r, mul(high, {{ALPHA}})) { hinted := and(add(high, 1), 15) }
                        let lane := add(lanes, shl(5, shr(4, position)))
                        let change := shl(shl(2, and(position, 15)), xor(and(high, 15), hinted))
                        mstore(lane, xor(mload(lane), change))
                    }
                    lanes := add(lanes, 512)
                }
            }

            // Algorithm 8 steps 12 and 13: the hash of mu and w1 must be the challenge hash of the signature.
            function isChallengeReproduced() -> valid {
                mstore(add({{LANES}}, 3328), 0x1f)
                calldatacopy(add({{LANES}}, 3360), calldatasize(), 416)
                mstore(add({{LANES}}, 3776), shl(63, 1))
                resetState()
                absorbLanes({{LANES}}, add({{LANES}}, 3808))
                let difference := 0
                for { let at := 0 } lt(at, 192) { at := add(at, 32) } {
                    difference := or(difference, xor(squeezedLane(at), mload(add({{CHALLENGE}}, at))))
                }
                valid := iszero(difference)
            }

            // FIPS 202 section 4, sponge with Keccak-f[1600]. Each word of the state holds a lane four times; six lanes are
            // complemented.
            function resetState() {
                calldatacopy({{STATE}}, calldatasize(), 800)
{{complementState}}
            }

            function absorbBytes(from, end, lanes) {
                for { } lt(from, end) { from := add(from, 136) } {
                    verbatim_2i_0o(hex"{{bytesToLanes}}", from, lanes)
                    absorbLanes(lanes, add(lanes, 544))
                }
            }

            function absorbLanes(lanes, end) {
                for { } lt(lanes, end) { lanes := add(lanes, 544) } {
                    verbatim_1i_0o(hex"{{absorbLanes}}", lanes)
                    permute()
                }
            }

            function permute() {
                for { let constants := {{TABLES}} } lt(constants, {{ZETAS}}) { constants := add(constants, {{CONSTANTS_STEP}}) } {
                    verbatim_1i_0o(hex"{{keccakRounds}}", constants)
                }
            }

            // A lane among the first eight, by 32 times its number.
            function squeezedLane(at) -> lane {
                lane := mload(add({{STATE}}, at))
                if {{IS_COMPLEMENTED}} { lane := not(lane) }
                lane := and(lane, 0xffffffffffffffff)
            }
        }

        data "tables" hex"{{tables}}"
    }
}

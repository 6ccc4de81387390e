// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EpochWords} from "./EpochWords.sol";
import {LocalIndexList} from "./LocalIndexList.sol";

/// @notice Sparse record of what went wrong: absences and degradations of nodes, unreported epochs of shards.
/// @dev Only trouble is written. A list of at most 64 nodes sets one bit per node, a longer one is kept as a 512-bit map
/// of its epoch. Summary words say which words are not zero, so that a healthy month is read in a few slots.
library AttestationLedger {
    using EpochWords for EpochWords.Table;
    using EpochWords for uint256;
    using LocalIndexList for bytes;

    /// @notice What a list of a report says about the nodes in it.
    enum Mark {
        Absent,
        Degraded
    }

    /// @notice All marks of one kind.
    /// @param sparse Bits of epochs per node, from lists of at most 64 nodes.
    /// @param denseEpochs Bits of epochs per shard whose list is in `maps`.
    /// @param maps 256 nodes to a slot, by {EpochWords.keyOf} of nodeIndex / 256 and epoch.
    struct Marks {
        EpochWords.Table sparse;
        EpochWords.Table denseEpochs;
        mapping(uint256 key => uint256 map) maps;
    }

    /// @notice The whole record.
    /// @param marks Absences and degradations, by {Mark}.
    /// @param nodeSummary Per node, 128 words to a slot: bit i for absences in a word, bit 128 + i for degradations.
    /// @param unreported Bits of epochs per shard that were passed over.
    /// @param shardSummary Per shard, 256 words to a slot: bit i when a word has unreported or dense epochs.
    /// @param admitted Bits of epochs per node in which the node itself proved that it attested.
    /// @param admittedSummary Per node, 256 words to a slot: bit i when a word has admitted epochs.
    struct Ledger {
        Marks[2] marks;
        EpochWords.Table nodeSummary;
        EpochWords.Table unreported;
        EpochWords.Table shardSummary;
        EpochWords.Table admitted;
        EpochWords.Table admittedSummary;
    }

    /// @notice Epochs of a range by what is recorded; an absent epoch is not counted as degraded.
    struct Tally {
        uint256 absent;
        uint256 degraded;
        uint256 unreported;
    }

    /// @notice A node and a range of epochs `[from, until)`.
    struct Query {
        uint256 node;
        uint256 from;
        uint256 until;
    }

    /// @notice A list of words of a node under way; `words` has room for every word of the range.
    struct Listing {
        uint256 node;
        uint256 count;
        uint256[] words;
    }

    /// @notice What the summaries say about 128 words, a bit for each.
    /// @param start Index of the first word.
    /// @param named Words of the query that are not all zero.
    /// @param ofNode Words with absences, and above them words with degradations, of the node.
    /// @param ofShard Words with unreported or dense epochs of the shard.
    /// @param admitted Words with admissions of the node.
    struct Group {
        uint256 start;
        uint256 named;
        uint256 ofNode;
        uint256 ofShard;
        uint256 admitted;
    }

    /// @dev Longest list that is written node by node: 64 nodes, two bytes each.
    uint256 private constant MAX_SPARSE_BYTES = 128;
    uint256 internal constant SHARD_SIZE = 512;

    /// @dev Records a list of local indices for one epoch of a shard. Reverts when the list is not well formed.
    function record(Ledger storage ledger, Mark mark, uint32 shard, uint64 epoch, bytes memory list) internal {
        if (list.length == 0) return;
        (uint256 low, uint256 high) = list.toMap();
        uint256 firstNode = shard * SHARD_SIZE;
        if (list.length > MAX_SPARSE_BYTES) {
            Marks storage marks = ledger.marks[uint256(mark)];
            marks.maps[EpochWords.keyOf(firstNode >> 8, epoch)] = low;
            marks.maps[EpochWords.keyOf((firstNode >> 8) + 1, epoch)] = high;
            marks.denseEpochs.set(shard, epoch);
            _summarise(ledger, shard, epoch >> 8);
        } else {
            for (uint256 i = 0; i < list.length / 2; ++i) {
                markNode(ledger, mark, firstNode + list.indexAt(i), epoch);
            }
        }
    }

    /// @dev Marks one node in one epoch.
    function markNode(Ledger storage ledger, Mark mark, uint256 node, uint64 epoch) internal {
        if (ledger.marks[uint256(mark)].sparse.set(node, epoch) != 0) return;
        uint256 index = epoch >> 8;
        ledger.nodeSummary.words[EpochWords.keyOf(node, index >> 7)] |= 1 << ((index & 127) + 128 * uint256(mark));
    }

    /// @dev Makes a node count as attested in some epochs of a word, whatever the committee said or left unsaid or is told
    /// later. Returns those in which that changes something now: it was absent or unreported, and not admitted before.
    /// @param index Number of the word.
    /// @param bits Epochs of the word; at least one.
    /// @param first Epoch of the first report of the shard; before it there are no marks.
    function admit(
        Ledger storage ledger,
        uint256 node,
        uint256 index,
        uint256 bits,
        uint64 first
    ) internal returns (uint256 changed) {
        changed = ledger.unreported.word(node / SHARD_SIZE, index);
        if (index << 8 < first) changed |= EpochWords.rangeMask(index, 0, first);
        changed = (changed | _clearAbsent(ledger.marks[uint256(Mark.Absent)], node, index, bits)) & bits;
        uint256 key = EpochWords.keyOf(node, index);
        uint256 before = ledger.admitted.words[key];
        changed &= ~before;
        ledger.admitted.words[key] = before | bits;
        if (before == 0) ledger.admittedSummary.set(node, uint64(index));
    }

    /// @dev Returns true when the node proved that it attested in an epoch.
    function isAdmitted(Ledger storage ledger, uint256 node, uint64 epoch) internal view returns (bool) {
        return ledger.admitted.has(node, epoch);
    }

    /// @dev Counts the epochs of a range in which a node proved that it attested.
    function admittedIn(Ledger storage ledger, Query memory query) internal view returns (uint256 sum) {
        if (query.from >= query.until) return 0;
        for (uint256 index = query.from >> 8; index << 8 < query.until; ++index) {
            uint256 summary = ledger.admittedSummary.word(query.node, index >> 8);
            if ((summary >> (index & 255)) & 1 == 0) {
                if (summary == 0) index |= 255;
                continue;
            }
            uint256 mask = EpochWords.rangeMask(index, query.from, query.until);
            sum += (ledger.admitted.word(query.node, index) & mask).count();
        }
    }

    /// @dev Marks the epochs `[from, until)` of a shard as unreported.
    function markUnreported(Ledger storage ledger, uint32 shard, uint64 from, uint64 until) internal {
        for (uint256 index = from >> 8; index << 8 < until; ++index) {
            ledger.unreported.words[EpochWords.keyOf(shard, index)] |= EpochWords.rangeMask(index, from, until);
            _summarise(ledger, shard, index);
        }
    }

    /// @dev Returns what is recorded for a node in one epoch; an absent node is not degraded.
    function read(
        Ledger storage ledger,
        uint256 node,
        uint64 epoch
    ) internal view returns (bool absent, bool degraded, bool unreported) {
        Tally memory sum = tally(ledger, Query(node, epoch, uint256(epoch) + 1));
        return (sum.absent != 0, sum.degraded != 0, sum.unreported != 0);
    }

    /// @dev Returns what is recorded for a node in the epochs of a word, as bits.
    /// @param recorded Epochs of the word for which there are reports or that were passed over.
    /// @return failed Absent or degraded.
    /// @return unreported Not reported, and the node did not prove that it attested.
    function bitsOf(
        Ledger storage ledger,
        uint256 node,
        uint256 index,
        uint256 recorded
    ) internal view returns (uint256 failed, uint256 unreported) {
        unreported = ledger.unreported.word(node / SHARD_SIZE, index) | ~recorded;
        unreported &= ~ledger.admitted.word(node, index);
        for (uint256 mark = 0; mark < 2; ++mark) {
            Marks storage marks = ledger.marks[mark];
            failed |= marks.sparse.word(node, index) | _denseMarks(marks, node, index, recorded & ~unreported);
        }
        failed &= recorded & ~unreported;
    }

    /// @dev Counts what is recorded for a node in a range of epochs.
    function tally(Ledger storage ledger, Query memory query) internal view returns (Tally memory sum) {
        if (query.from >= query.until) return sum;
        uint256 lastGroup = (query.until - 1) >> 15;
        for (uint256 group = query.from >> 15; group <= lastGroup; ++group) {
            Group memory words = _groupOf(ledger, query, group);
            unchecked {
                // A bit is taken away while there is one; the sums count epochs.
                for (uint256 named = words.named; named != 0; named &= named - 1) {
                    uint256 i = named.lowest();
                    uint256 mask = EpochWords.rangeMask(words.start | i, query.from, query.until);
                    (uint256 absent, uint256 degraded, uint256 unreported) = _readWord(
                        ledger,
                        query.node,
                        words,
                        i,
                        mask
                    );
                    if (absent != 0) sum.absent += absent.count();
                    if (degraded != 0) sum.degraded += degraded.count();
                    if (unreported != 0) sum.unreported += unreported.count();
                }
            }
        }
    }

    /// @dev Adds the whole words of a range of epochs in which something is recorded for a node to a list.
    function addTo(Ledger storage ledger, Listing memory listing, uint64 from, uint64 until) internal view {
        if (from >= until) return;
        uint256 node = listing.node;
        uint256[] memory list = listing.words;
        uint256 count = listing.count;
        uint256 lastGroup = (uint256(until) - 1) >> 15;
        for (uint256 group = from >> 15; group <= lastGroup; ++group) {
            Group memory words = _groupOf(ledger, Query(node, from, until), group);
            unchecked {
                // A bit is taken away while there is one.
                for (uint256 named = words.named; named != 0; named &= named - 1) {
                    uint256 i = named.lowest();
                    (uint256 absent, uint256 degraded, uint256 unreported) = _readWord(
                        ledger,
                        node,
                        words,
                        i,
                        type(uint256).max
                    );
                    if (absent | degraded | unreported == 0) continue;
                    list[count++] = pack(words.start | i, absent.count(), degraded.count(), unreported.count());
                }
            }
        }
        listing.count = count;
    }

    /// @dev Packs a word and what was counted in it, 48 bits each from the low end: unreported, degraded, absent, index.
    function pack(uint256 index, uint256 absent, uint256 degraded, uint256 unreported) internal pure returns (uint256) {
        return (index << 144) | (absent << 96) | (degraded << 48) | unreported;
    }

    /// @dev Reads the summaries of a group of 128 words.
    function _groupOf(
        Ledger storage ledger,
        Query memory query,
        uint256 group
    ) private view returns (Group memory words) {
        words.start = group << 7;
        words.ofNode = ledger.nodeSummary.word(query.node, group);
        words.ofShard = ledger.shardSummary.word(query.node / SHARD_SIZE, group >> 1) >> (128 * (group & 1));
        words.named = (words.ofNode | (words.ofNode >> 128) | words.ofShard) & _wordsInRange(query, group);
        if (words.ofShard != 0) {
            words.admitted = ledger.admittedSummary.word(query.node, group >> 1) >> (128 * (group & 1));
        }
    }

    /// @dev Returns the epochs of word `i` of a group within `mask` by what is recorded, as bits. An absent epoch is not
    /// degraded, an unreported one neither.
    function _readWord(
        Ledger storage ledger,
        uint256 node,
        Group memory words,
        uint256 i,
        uint256 mask
    ) private view returns (uint256 absent, uint256 degraded, uint256 unreported) {
        uint256 index = words.start | i;
        uint256 ofNode = words.ofNode >> i;
        if (ofNode & 1 != 0) absent = ledger.marks[0].sparse.word(node, index);
        if ((ofNode >> 128) & 1 != 0) degraded = ledger.marks[1].sparse.word(node, index);
        if ((words.ofShard >> i) & 1 != 0) {
            unreported = ledger.unreported.word(node / SHARD_SIZE, index) & mask;
            if ((words.admitted >> i) & 1 != 0) unreported &= ~ledger.admitted.word(node, index);
            mask &= ~unreported;
            absent |= _denseMarks(ledger.marks[0], node, index, mask);
            degraded |= _denseMarks(ledger.marks[1], node, index, mask);
        }
        absent &= mask;
        degraded &= mask & ~absent;
    }

    /// @dev Returns the epochs of a word within `mask` in which a long list of the shard named the node, as bits.
    function _denseMarks(
        Marks storage marks,
        uint256 node,
        uint256 index,
        uint256 mask
    ) private view returns (uint256 bits) {
        if (mask == 0) return 0;
        uint256 dense = marks.denseEpochs.word(node / SHARD_SIZE, index) & mask;
        unchecked {
            // A bit is taken away while there is one.
            for (; dense != 0; dense &= dense - 1) {
                uint256 epoch = (index << 8) | dense.lowest();
                uint256 map = marks.maps[EpochWords.keyOf(node >> 8, epoch)];
                bits |= ((map >> (node & 255)) & 1) << (epoch & 255);
            }
        }
    }

    /// @dev Takes a node out of the absent ones in some epochs of a word; returns those in which it was absent.
    function _clearAbsent(
        Marks storage marks,
        uint256 node,
        uint256 index,
        uint256 bits
    ) private returns (uint256 cleared) {
        uint256 key = EpochWords.keyOf(node, index);
        uint256 sparse = marks.sparse.words[key];
        cleared = sparse & bits;
        if (cleared != 0) marks.sparse.words[key] = sparse ^ cleared;
        uint256 dense = marks.denseEpochs.word(node / SHARD_SIZE, index) & bits;
        uint256 place = 1 << (node & 255);
        unchecked {
            // A bit is taken away while there is one.
            for (; dense != 0; dense &= dense - 1) {
                uint256 epoch = (index << 8) | dense.lowest();
                uint256 mapKey = EpochWords.keyOf(node >> 8, epoch);
                uint256 map = marks.maps[mapKey];
                if (map & place == 0) continue;
                marks.maps[mapKey] = map ^ place;
                cleared |= 1 << (epoch & 255);
            }
        }
    }

    /// @dev Returns the words of a group of 128 that overlap the range, as bits.
    function _wordsInRange(Query memory query, uint256 group) private pure returns (uint256) {
        uint256 first = query.from >> 15 == group ? (query.from >> 8) & 127 : 0;
        uint256 last = (query.until - 1) >> 15 == group ? ((query.until - 1) >> 8) & 127 : 127;
        return (2 << last) - (1 << first);
    }

    function _summarise(Ledger storage ledger, uint32 shard, uint256 index) private {
        ledger.shardSummary.words[EpochWords.keyOf(shard, index >> 8)] |= 1 << (index & 255);
    }
}

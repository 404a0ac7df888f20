package record

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha512"
	"io"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"osbu/domain/ballot"
)

// BenchmarkRecord measures for scripts/bench, in seconds, how long it takes to
// check the record of a city's vote: 90,000 ballots in three areas, a
// checkpoint after every 20. The baseline is nothing but their two signatures
// each, on the same cores: RSA-PSS and Ed25519. Nearly all of the time goes
// there. The votes are made anew each time, which takes longer than checking
// them.
func BenchmarkRecord(b *testing.B) {
	b.Run("record.verify", func(b *testing.B) {
		const ballots = 90_000
		s := newSample(b, 7)
		for i := range ballots {
			switch i % 10 {
			case 0:
				s.cast(b, "c", 22+i/10%3)
			case 1, 2, 3:
				s.cast(b, "b", 20, 21)
			default:
				s.cast(b, "a", 1+i%3)
			}
		}
		s.spent = map[string]Spent{"p": {Online: ballots * 9 / 10}, "q": {Online: ballots / 10}}
		s.rights = map[string]int{"p": ballots, "q": ballots}
		var sizes []int64
		for size := int64(1); size < ballots+2; size += 20 {
			sizes = append(sizes, size)
		}
		s.logged(b, append(sizes, ballots+2)...)
		zip := s.stored(b)
		baseline := s.signatures(b)
		s.ballots, s.leaves, s.private = nil, nil, nil
		runtime.GC()

		began := time.Now()
		for b.Loop() {
			if _, err := Verify(b.Context(), zip, Options{}); err != nil {
				b.Fatal(err)
			}
		}
		took := time.Since(began).Seconds() / float64(b.N)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(took, "s")
		b.ReportMetric(baseline, "baseline")
	})
}

// stored writes the record into a file.
func (s *sample) stored(b *testing.B) Source {
	b.Helper()
	f, err := os.CreateTemp(b.TempDir(), "record-*.zip")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	if err := s.bundling(b).record(f); err != nil {
		b.Fatal(err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d ballots, %d bytes", len(s.ballots), size)
	return io.NewSectionReader(f, 0, size)
}

// signatures is how many seconds all cores take for the two signatures of every
// ballot.
func (s *sample) signatures(b *testing.B) float64 {
	b.Helper()
	began := time.Now()
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(s.ballots); i += workers {
				e := &s.ballots[i]
				digest := sha512.Sum384(
					append(bytes.Clone(e.Randomizer), ballot.CredentialMessage("r", e.Paper, e.Nullifier[:])...),
				)
				if rsa.VerifyPSS(
					&s.issuers[e.Paper].public,
					crypto.SHA384,
					digest[:],
					e.Credential,
					&rsa.PSSOptions{SaltLength: 48},
				) != nil ||
					!ed25519.Verify(e.Nullifier[:], ballot.CastMessage(e.Commit, e.Seq), e.Signature) {
					b.Errorf("ballot %d", i)
				}
			}
		})
	}
	wg.Wait()
	return time.Since(began).Seconds()
}

package office_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"osbu/domain/polling"
)

const (
	benchRoll    = 700_000
	benchLookUps = 400
)

// BenchmarkLookUp is an officer finding people on the roll of a whole city, one
// after another, with what she leaves of it on disk; the baseline is the bare
// read by the key.
func BenchmarkLookUp(b *testing.B) {
	b.Run("polling.lookup", func(b *testing.B) {
		ctx := context.Background()
		p := newPlaces(b)
		if _, err := p.Owner.ExecContext(ctx, `INSERT INTO roll (round, person, born, municipality, area, protected)
			SELECT ?, sha256(convert_to(n::text, 'UTF8')), '1980-01-01', '091', 'etelainen', false
			FROM generate_series(1, ?) AS n`, p.id, benchRoll); err != nil {
			b.Fatal(err)
		}
		if _, err := p.Owner.ExecContext(ctx, "ANALYZE roll"); err != nil {
			b.Fatal(err)
		}
		var took, bare []time.Duration
		for b.Loop() {
			for range benchLookUps {
				began := time.Now()
				found, err := p.LookUp(ctx, olga, p.id, p.library, adult, "passport", true, polling.HelpOwn)
				if took = append(took, time.Since(began)); err != nil || found.Code == "" {
					b.Fatal(found, err)
				}
				began = time.Now()
				var n int
				if err := p.DB.DB.QueryRowContext(ctx, "SELECT count(*) FROM roll WHERE round = ? AND person = sha256('7')",
					p.id).Scan(&n); err != nil {
					b.Fatal(err)
				}
				bare = append(bare, time.Since(began))
			}
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(p95(took), "ms")
		b.ReportMetric(p95(bare), "baseline")
		b.Logf("%d people on the roll, %d look-ups: p95 %.1f ms", benchRoll, len(took), p95(took))
	})
}

// p95 is the 95th percentile in milliseconds.
func p95(took []time.Duration) float64 {
	slices.Sort(took)
	return float64(took[len(took)*95/100]) / float64(time.Millisecond)
}

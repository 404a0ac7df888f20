package service

import (
	"log/slog"
	"sync"

	"osbu/domain/record"
)

// counted shows a round's numbers to whoever watches the metrics, and raises
// the alarm.
func (w *services) counted(n record.Numbers) {
	for _, p := range n.Papers {
		w.metrics.Counted(n.Round, p.Paper, p.Credentials(), p.Ballots, p.Replacements)
		w.excess.check(n.Round, p)
	}
}

// excess is the alarm: more ballots in the box than credentials can have been
// issued for. It is logged whenever its size changes.
type excess struct {
	mu   sync.Mutex
	log  *slog.Logger
	last map[[2]string]int // by round and paper
}

func (e *excess) tell(log *slog.Logger) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.log = log
}

func (e *excess) check(round string, p record.PaperNumbers) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now, at := max(0, -p.Missing()), [2]string{round, p.Paper}
	if e.log == nil || now == e.last[at] {
		return
	}
	if e.last == nil {
		e.last = map[[2]string]int{}
	}
	e.last[at] = now
	e.log.Error(
		"ALARM: more ballots than credentials",
		"round",
		round,
		"paper",
		p.Paper,
		"credentials",
		p.Credentials(),
		"ballots",
		p.Ballots,
		"excess",
		now,
	)
}

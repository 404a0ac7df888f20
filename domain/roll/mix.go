package roll

import (
	"context"
	"sync"
)

// fewToMix rights are mixed at every look at which one was spent; credentials
// being issued wait meanwhile, for milliseconds. More are mixed when an eighth
// has come, and before every release of ballots: a second for 50,000.
const fewToMix = 500

// mixing is how many rights were spent here since they were mixed last, and how
// many there were then.
type mixing struct {
	mu      sync.Mutex
	unmixed int
	rows    int
}

func (m *mixing) spent() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unmixed++
}

// due tells whether there is something to mix, and takes it.
func (m *mixing) due(all bool) (taken int, due bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unmixed == 0 || !all && m.rows > fewToMix && m.unmixed < m.rows/8 {
		return 0, false
	}
	taken, m.unmixed = m.unmixed, 0
	return taken, true
}

// Mix writes the spent rights anew in random order if enough were spent by this
// server since the last time, or if any were and all is asked for. Nobody who
// copies the tables then finds the last voters at their end, or lays their
// order beside that of the ballots.
func (s *Service) Mix(ctx context.Context, all bool) error {
	taken, due := s.mixing.due(all)
	if !due {
		return nil
	}
	rows, err := s.rights.Shuffle(ctx)
	s.mixing.mu.Lock()
	defer s.mixing.mu.Unlock()
	if err != nil {
		s.mixing.unmixed += taken
		return err
	}
	s.mixing.rows = rows
	return nil
}

package db

import (
	"context"
	"sync"
	"time"
)

// sharedTimeout bounds a query that is asked for several at once, for it has
// nobody's deadline.
const sharedTimeout = 10 * time.Second

// Shared lets everybody who asks at the same time share one query. An answer is
// never older than its question: whoever comes while a query is under way waits
// for the next one, together with all others who came meanwhile. So there is
// one query at a time, whatever the crowd, and nothing is kept.
type Shared[K comparable, V any] struct {
	// Ask answers these keys, each of them once; a key that it leaves out has no
	// answer.
	Ask func(ctx context.Context, keys []K) (map[K]V, error)

	mu   sync.Mutex
	busy bool
	next *question[K, V]
}

// question is asked for all who wait for it.
type question[K comparable, V any] struct {
	keys   map[K]bool
	done   chan struct{} // closed when there is an answer
	answer map[K]V
	err    error
}

// Get is the key's answer, and whether there is one.
func (s *Shared[K, V]) Get(ctx context.Context, key K) (answer V, ok bool, err error) {
	s.mu.Lock()
	if s.next == nil {
		s.next = &question[K, V]{keys: map[K]bool{}, done: make(chan struct{})}
	}
	q := s.next
	q.keys[key] = true
	if !s.busy {
		s.busy = true
		go s.askAll()
	}
	s.mu.Unlock()
	select {
	case <-q.done:
		answer, ok = q.answer[key]
		return answer, ok, q.err
	case <-ctx.Done():
		return answer, false, ctx.Err()
	}
}

// askAll asks until nobody waits.
func (s *Shared[K, V]) askAll() {
	for {
		s.mu.Lock()
		q := s.next
		s.next = nil
		if q == nil {
			s.busy = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		keys := make([]K, 0, len(q.keys))
		for key := range q.keys {
			keys = append(keys, key)
		}
		ctx, cancel := context.WithTimeout(context.Background(), sharedTimeout)
		q.answer, q.err = s.Ask(ctx, keys)
		cancel()
		close(q.done)
	}
}

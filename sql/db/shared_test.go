package db_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"osbu/sql/db"
)

// Who asks while a query is under way gets the answer of the next one, which
// all who wait share.
func TestSharedAsksOnceForAllWhoWait(t *testing.T) {
	t.Parallel()
	began, goOn := make(chan []int), make(chan struct{})
	asked := 0
	s := db.Shared[int, int]{Ask: func(_ context.Context, keys []int) (map[int]int, error) {
		asked++
		n := asked
		slices.Sort(keys)
		began <- keys
		<-goOn
		answer := map[int]int{}
		for _, k := range keys {
			if k != 4 {
				answer[k] = 100*n + k
			}
		}
		return answer, nil
	}}
	type got struct {
		answer int
		ok     bool
		err    error
	}
	ask := func(key int) <-chan got {
		answer := make(chan got, 1)
		go func() {
			a, ok, err := s.Get(t.Context(), key)
			answer <- got{a, ok, err}
		}()
		return answer
	}
	first := ask(1)
	if keys := <-began; !slices.Equal(keys, []int{1}) {
		t.Fatalf("got %v, want the first", keys)
	}
	// A context that is over shows that its question has been put.
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, key := range []int{1, 2, 2, 4} {
		if _, _, err := s.Get(over, key); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want the end of her patience", err)
		}
	}
	goOn <- struct{}{}
	if g := <-first; g != (got{101, true, nil}) {
		t.Errorf("got %+v, want what was found after the question", g)
	}
	if keys := <-began; !slices.Equal(keys, []int{1, 2, 4}) {
		t.Errorf("got %v, want each key that waited, once", keys)
	}
	late := ask(3)
	goOn <- struct{}{}
	if keys := <-began; !slices.Equal(keys, []int{3}) {
		t.Errorf("got %v, want the one who came later alone", keys)
	}
	goOn <- struct{}{}
	if g := <-late; g != (got{303, true, nil}) {
		t.Errorf("got %+v, want the third answer", g)
	}
	none := ask(4)
	<-began
	goOn <- struct{}{}
	if g := <-none; g != (got{0, false, nil}) {
		t.Errorf("got %+v, want no answer", g)
	}
}

// A fault is told to everybody who waited, and to nobody who comes later.
func TestSharedTellsOfFaults(t *testing.T) {
	t.Parallel()
	fault := errors.New("gone")
	asked := 0
	s := db.Shared[string, string]{Ask: func(_ context.Context, keys []string) (map[string]string, error) {
		if asked++; asked == 1 {
			return nil, fault
		}
		return map[string]string{"a": "b"}, nil
	}}
	if _, _, err := s.Get(t.Context(), "a"); !errors.Is(err, fault) {
		t.Errorf("got %v, want the fault", err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if a, ok, err := s.Get(t.Context(), "a"); a != "b" || !ok || err != nil {
				t.Errorf("got %q %v %v, want b", a, ok, err)
			}
		})
	}
	all.Wait()
}

package record

import (
	"context"
	"runtime"
	"sync"
)

// onAllCores works on what produce yields on all cores, and gives it to consume
// in the order in which it was yielded. The first error in that order ends it,
// whichever core finds one first; an error of produce itself comes after
// everything that it yielded.
func onAllCores[T any](
	ctx context.Context,
	produce func(yield func(T) error) error,
	work func(*T),
	consume func(*T) error,
) error {
	type job struct {
		item T
		done chan struct{}
	}
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	jobs, order := make(chan *job), make(chan *job, 2*workers)
	var produced error
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	for range workers {
		wg.Go(func() {
			for j := range jobs {
				work(&j.item)
				close(j.done)
			}
		})
	}
	wg.Go(func() {
		defer close(order)
		defer close(jobs)
		produced = produce(func(item T) error {
			j := &job{item, make(chan struct{})}
			for _, to := range []chan *job{order, jobs} {
				select {
				case to <- j:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	for j := range order {
		select {
		case <-j.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := consume(&j.item); err != nil {
			return err
		}
	}
	return produced // written before order was closed
}

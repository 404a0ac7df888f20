package gallery

import (
	"container/list"
	"sync"
)

// Bounds of what is kept in memory: the small pictures of a city's ballot, and
// the large ones that are looked at most.
const (
	keptBytes   = 32 << 20
	largestKept = 1 << 20
)

// keptFiles keeps the files that were asked for last, so that a crowd reads a
// picture once. What a name stands for never changes; who may see it is asked
// each time before it is looked for here.
type keptFiles struct {
	mu     sync.Mutex
	size   int
	byName map[string]*list.Element
	order  list.List // of keptFile, the latest first
}

type keptFile struct {
	name    string
	content []byte
}

// get is nil if the file is not here.
func (k *keptFiles) get(name string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.byName[name]
	if e == nil {
		return nil
	}
	k.order.MoveToFront(e)
	f, _ := e.Value.(keptFile)
	return f.content
}

func (k *keptFiles) put(name string, content []byte) {
	if len(content) > largestKept {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byName == nil {
		k.byName = map[string]*list.Element{}
	}
	if k.byName[name] != nil { // somebody else was as quick
		return
	}
	k.byName[name] = k.order.PushFront(keptFile{name, content})
	for k.size += len(content); k.size > keptBytes; {
		k.remove(k.order.Back())
	}
}

// drop forgets a file.
func (k *keptFiles) drop(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e := k.byName[name]; e != nil {
		k.remove(e)
	}
}

func (k *keptFiles) remove(e *list.Element) {
	f, _ := k.order.Remove(e).(keptFile)
	delete(k.byName, f.name)
	k.size -= len(f.content)
}

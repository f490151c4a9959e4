;; expect: component.feature.garbageCollection
;;
;; A reference type of that proposal.
(component (core module (func (param anyref))
  (type (func (param i31ref)))))

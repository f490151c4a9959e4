;; expect: engine.component.refused
;; feature: function-references
;; words: function references required for index reference types
;;
;; Calls through typed references skip the checks of an indirect call.
(component
  (core module
    (type $f (func))
    (func (param (ref $f)) (call_ref $f (local.get 0)))))
